/// DER (X.690) written from the inside out.
enum DERWriter {
  /// One element; `content` is below 4 GiB.
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 0x80 { return [tag, UInt8(count)] + content }
    var length: [UInt8] = []
    var rest = count
    while rest > 0 {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [tag, 0x80 | UInt8(length.count)] + length + content
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
  static func set(_ parts: [UInt8]...) -> [UInt8] { element(0x31, parts.flatMap { $0 }) }
  static func octets(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }
  /// `[number]` constructed.
  static func context(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0xA0 | number, content) }

  /// SET OF in the order DER asks for (X.690 §11.6).
  static func sortedSet(_ parts: [[UInt8]], tag: UInt8 = 0x31) -> [UInt8] {
    element(tag, parts.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
  }

  /// - Parameter dotted: of this program's own tables, at least two arcs.
  static func oid(_ dotted: StaticString) -> [UInt8] { oid("\(dotted)") }

  static func oid(_ dotted: String) -> [UInt8] {
    let arcs = dotted.split(separator: ".").map { UInt64($0) ?? 0 }
    var content: [UInt8] = []
    guard let first = arcs.first else { return element(0x06, []) }
    for (index, arc) in arcs.dropFirst().enumerated() {
      var value = index == 0 ? first * 40 + arc : arc
      var group = [UInt8(value & 0x7F)]
      value >>= 7
      while value > 0 {
        group.insert(UInt8(value & 0x7F) | 0x80, at: 0)
        value >>= 7
      }
      content += group
    }
    return element(0x06, content)
  }
}
