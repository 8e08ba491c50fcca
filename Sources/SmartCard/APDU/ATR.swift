/// What an answer to reset tells that this program uses: the historical bytes and the card capabilities in them.
///
/// ISO/IEC 7816-3 §8.2 and ISO/IEC 7816-4 §12.1.1. Total: any bytes give a value, a broken ATR gives an empty one.
package struct ATR: Sendable, Equatable {
  package let historicalBytes: [UInt8]
  /// Value of the compact-TLV object "card capabilities" (tag 7X), one to three bytes.
  package let cardCapabilities: [UInt8]?

  package init(_ bytes: [UInt8]) {
    historicalBytes = Self.historical(bytes)
    cardCapabilities = Self.capabilities(historicalBytes)
  }

  /// The card states that it takes extended Lc and Le (third software function table, bit 7). A card that states
  /// nothing is spoken to in the short form, which every card has to understand.
  package var supportsExtendedLength: Bool {
    guard let cardCapabilities, cardCapabilities.count >= 3 else { return false }
    return cardCapabilities[2] & 0x40 != 0
  }

  private static func historical(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 2, bytes[0] == 0x3B || bytes[0] == 0x3F else { return [] }
    let count = Int(bytes[1] & 0x0F)
    var index = 2
    var presence = bytes[1] >> 4
    // Each TDi tells which of TA, TB, TC, TD follow; at most 32 bytes stand behind TS.
    while index <= 33 {
      index += (presence & 0x1) == 0 ? 0 : 1
      index += (presence & 0x2) == 0 ? 0 : 1
      index += (presence & 0x4) == 0 ? 0 : 1
      guard presence & 0x8 != 0 else { break }
      guard index < bytes.count else { return [] }
      presence = bytes[index] >> 4
      index += 1
    }
    guard index <= bytes.count else { return [] }
    return Array(bytes[index...].prefix(count))
  }

  private static func capabilities(_ historical: [UInt8]) -> [UInt8]? {
    // Category 80: compact-TLV to the end; category 00: the last three bytes are a status indicator.
    guard let category = historical.first, category == 0x80 || category == 0x00 else { return nil }
    var rest = historical.dropFirst()
    if category == 0x00 { rest = rest.dropLast(3) }
    while let head = rest.popFirst() {
      let length = Int(head & 0x0F)
      guard rest.count >= length else { return nil }
      if head >> 4 == 0x7 { return Array(rest.prefix(length)) }
      rest = rest.dropFirst(length)
    }
    return nil
  }
}
