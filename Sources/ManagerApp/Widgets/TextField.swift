import Base
import TerminalKit

/// One line of editable text that is no secret (a PIN has a field of its own, over locked memory).
struct TextField: Sendable, Equatable {
  private(set) var scalars: [Unicode.Scalar]
  /// Position in ``scalars``, 0 … count.
  private(set) var cursor: Int
  static let limit = 1024

  init(_ text: String) {
    scalars = Array(text.unicodeScalars.prefix(TextField.limit))
    cursor = scalars.count
  }

  var text: String {
    get {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return String(view)
    }
    set { self = TextField(newValue) }
  }

  /// Edits by a key; `false` when the key is none for a text field.
  mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar), .pasted(let scalar):
      if scalar.value >= 0x20, scalars.count < TextField.limit {
        scalars.insert(scalar, at: cursor)
        cursor += 1
      }
    case .backspace:
      if cursor > 0 {
        cursor -= 1
        scalars.remove(at: cursor)
      }
    case .delete: if cursor < scalars.count { scalars.remove(at: cursor) }
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(scalars.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = scalars.count
    case .control("u"):
      scalars.removeFirst(cursor)
      cursor = 0
    case .control("k"): scalars.removeLast(scalars.count - cursor)
    default: return false
    }
    return true
  }

  /// The part that fits into `width` cells around the cursor, and the cursor's column in it.
  func visible(width: Int) -> (text: String, column: Int) {
    var start = 0
    var column = scalars[..<cursor].reduce(0) { $0 + textWidth($1) }
    while column > max(0, width - 1), start < cursor {
      column -= textWidth(scalars[start])
      start += 1
    }
    var view = String.UnicodeScalarView()
    var used = 0
    for scalar in scalars[start...] {
      let step = textWidth(scalar)
      if used + step > width { break }
      view.append(scalar)
      used += step
    }
    return (String(view), column)
  }
}
