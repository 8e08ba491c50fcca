internal import Base

/// The body of a form with one field `json`, as two kinds of client write it: percent-encoded as forms are, or raw, where a
/// `+` is a `+`.
enum FormMessage {
  /// - Returns: the JSON text; `nil` when there is no such field or its encoding is broken.
  static func json(_ body: [UInt8]) -> [UInt8]? {
    guard body.starts(with: "json=".utf8) else { return nil }
    let value = body.dropFirst(5)
    if value.first == UInt8(ascii: "{") { return Array(value) }
    var result: [UInt8] = []
    result.reserveCapacity(value.count)
    var rest = value
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
          return nil
        }
        result.append(high << 4 | low)
      case UInt8(ascii: "+"): result.append(0x20)
      // Another field would follow.
      case UInt8(ascii: "&"): return nil
      default: result.append(byte)
      }
    }
    return result
  }
}
