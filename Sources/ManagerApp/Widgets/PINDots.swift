import TerminalKit

extension Frame {
  /// A field for a PIN: brackets around as many dots as characters. The text cursor stands behind them where it has the
  /// focus.
  ///
  /// - Parameter shown: where the characters are, while they are looked at.
  mutating func pinDots(
    _ origin: Point, count: Int, room: Int, hasFocus: Bool, shown: (fields: PINFields, field: PINField)? = nil
  ) {
    let bracket: Style = hasFocus ? .key : .border
    text("[", x: origin.x, y: origin.y, style: bracket)
    text("]", x: origin.x + room + 1, y: origin.y, style: bracket)
    text(String(repeating: "●", count: min(count, room)), x: origin.x + 1, y: origin.y)
    if let (fields, field) = shown, count > 0 {
      secrets.append(ShownSecret(origin: Point(x: origin.x + 1, y: origin.y), width: room) { fields.lend(field, $0) })
    }
    if count > room { text("…", x: origin.x + room, y: origin.y) }
    if hasFocus { cursor = Point(x: origin.x + 1 + min(count, room - 1), y: origin.y) }
  }

  /// A field for a word that is no secret, in so many cells.
  mutating func wordField(_ field: TextField, _ origin: Point, room: Int) {
    let visible = field.visible(width: room)
    text("[", x: origin.x, y: origin.y, style: .key)
    text(visible.text, x: origin.x + 1, y: origin.y)
    text("]", x: origin.x + room + 1, y: origin.y, style: .key)
    cursor = Point(x: origin.x + 1 + min(room - 1, visible.column), y: origin.y)
  }
}
