/// A secret that the user asked to see: where it stands on the screen and how it is read. Its characters are not in the
/// frame, which is copied, compared and kept; they go from where they are kept into the terminal when it is painted.
package struct ShownSecret: Sendable {
  package var origin: Point
  /// Cells that it may take.
  package var width: Int
  package var style: Style
  /// Lends the characters as UTF-8.
  package var read: @Sendable (_ body: (UnsafeRawBufferPointer) -> Void) -> Void

  package init(
    origin: Point, width: Int, style: Style = .normal,
    read: @escaping @Sendable (_ body: (UnsafeRawBufferPointer) -> Void) -> Void
  ) {
    self.origin = origin
    self.width = width
    self.style = style
    self.read = read
  }
}

extension ShownSecret: Equatable {
  /// The same place; what stands there is not compared.
  package static func == (left: ShownSecret, right: ShownSecret) -> Bool {
    left.origin == right.origin && left.width == right.width && left.style == right.style
  }
}
