/// BER-TLV as SP 800-73-4 uses it: tags of 1 to 3 bytes, definite lengths.
enum PIVTLV {
  struct Item: Equatable {
    let tag: UInt32
    let value: [UInt8]
  }

  /// Tag, length in the shortest form, value.
  static func encode(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
    tagBytes(tag) + lengthBytes(value.count) + value
  }

  static func encode(_ tag: UInt32, _ parts: [[UInt8]]) -> [UInt8] { encode(tag, Array(parts.joined())) }

  private static func tagBytes(_ tag: UInt32) -> [UInt8] {
    let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: tag >> $0) }
    return Array(bytes.dropFirst(min(3, tag.leadingZeroBitCount / 8)))
  }

  private static func lengthBytes(_ count: Int) -> [UInt8] {
    switch count {
    case ..<0x80: [UInt8(count)]
    case ..<0x100: [0x81, UInt8(count)]
    case ..<0x1_0000: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
    default: [0x83] + [16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }
  }

  /// The items side by side in `bytes`; nil when a tag or length does not fit.
  static func decode(_ bytes: [UInt8]) -> [Item]? {
    var rest = bytes[...]
    var items: [Item] = []
    while let lead = rest.popFirst() {
      var tag = UInt32(lead)
      if lead & 0x1F == 0x1F {
        var more = true
        while more {
          guard tag <= 0xFFFF, let next = rest.popFirst() else { return nil }
          tag = tag << 8 | UInt32(next)
          more = next & 0x80 != 0
        }
      }
      guard let first = rest.popFirst() else { return nil }
      var length = Int(first)
      if first >= 0x80 {
        let size = Int(first & 0x7F)
        guard (1...3).contains(size), rest.count >= size else { return nil }
        length = rest.prefix(size).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(size)
      }
      guard length <= rest.count else { return nil }
      items.append(Item(tag: tag, value: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return items
  }
}

extension [PIVTLV.Item] {
  /// The value of the first item with this tag.
  subscript(tag tag: UInt32) -> [UInt8]? { first { $0.tag == tag }?.value }
}
