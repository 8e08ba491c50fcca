/// One key as the terminal sent it. A typed character is a single scalar and never a `String`, so that a PIN can go
/// straight into locked memory. Keys are never logged.
package enum Key: Sendable, Hashable {
  case character(Unicode.Scalar)
  /// A character of a text that was pasted: for text fields alone, it is no command anywhere.
  case pasted(Unicode.Scalar)
  /// Ctrl with a letter, as the lower-case letter.
  case control(Unicode.Scalar)
  case function(Int)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  case mouse(Mouse)
  /// A sequence that means nothing here.
  case unknown

  /// A button pressed at a cell.
  package struct Mouse: Sendable, Hashable {
    package enum Button: Sendable, Hashable { case left, other, wheelUp, wheelDown }
    package var button: Button
    package var x: Int
    package var y: Int

    package init(button: Button, x: Int, y: Int) {
      self.button = button
      self.x = x
      self.y = y
    }
  }
}
