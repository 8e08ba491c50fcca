/// A command APDU as the card received it: any of the seven cases of ISO/IEC 7816-3 12.1.3 (1, 2S, 3S, 4S, 2E, 3E, 4E).
struct GMCommand: Equatable {
  let cla: UInt8
  let ins: UInt8
  let p1: UInt8
  let p2: UInt8
  /// The data field; empty when there is none.
  let data: [UInt8]
  /// Nₑ, the most bytes the host takes: 1 to 65 536; nil when the Le field is absent.
  let expected: Int?

  /// - Throws: 6700 when the lengths do not fit one of the seven cases.
  init(_ bytes: [UInt8]) throws(GMStatus) {
    guard bytes.count >= 4 else { throw .wrongLength }
    cla = bytes[0]
    ins = bytes[1]
    p1 = bytes[2]
    p2 = bytes[3]
    let body = bytes[4...]
    switch body.count {
    case 0:
      (data, expected) = ([], nil)
    case 1:
      (data, expected) = ([], bytes[4] == 0 ? 256 : Int(bytes[4]))
    default:
      (data, expected) = bytes[4] == 0 ? try Self.extended(bytes) : try Self.short(bytes)
    }
  }

  private static func short(_ bytes: [UInt8]) throws(GMStatus) -> ([UInt8], Int?) {
    let end = 5 + Int(bytes[4])
    switch bytes.count - end {
    case 0: return (Array(bytes[5...]), nil)
    case 1: return (Array(bytes[5..<end]), bytes[end] == 0 ? 256 : Int(bytes[end]))
    default: throw .wrongLength
    }
  }

  private static func extended(_ bytes: [UInt8]) throws(GMStatus) -> ([UInt8], Int?) {
    guard bytes.count >= 7 else { throw .wrongLength }
    let length = Int(bytes[5]) << 8 | Int(bytes[6])
    if bytes.count == 7 { return ([], length == 0 ? 65_536 : length) }
    guard length > 0 else { throw .wrongLength }
    let end = 7 + length
    switch bytes.count - end {
    case 0: return (Array(bytes[7...]), nil)
    case 2:
      let expected = Int(bytes[end]) << 8 | Int(bytes[end + 1])
      return (Array(bytes[7..<end]), expected == 0 ? 65_536 : expected)
    default: throw .wrongLength
    }
  }

  /// - Throws: 6A86 unless P1 and P2 are zero.
  func requireNoParameters() throws(GMStatus) {
    guard p1 == 0, p2 == 0 else { throw .wrongParameters }
  }
}

/// Takes a data field apart, front to back. Every step throws 6700 when too little is left.
struct GMFields {
  private var rest: ArraySlice<UInt8>
  private let order: GMCardBehaviour.ByteOrder

  init(_ data: [UInt8], order: GMCardBehaviour.ByteOrder) {
    rest = data[...]
    self.order = order
  }

  mutating func bytes(_ count: Int) throws(GMStatus) -> [UInt8] {
    guard count >= 0, rest.count >= count else { throw .wrongLength }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func u8() throws(GMStatus) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .wrongLength }
    return byte
  }

  mutating func u16() throws(GMStatus) -> UInt16 {
    UInt16(truncatingIfNeeded: try integer(2))
  }

  mutating func u32() throws(GMStatus) -> UInt32 {
    try integer(4)
  }

  private mutating func integer(_ count: Int) throws(GMStatus) -> UInt32 {
    let field = try bytes(count)
    let ordered = order == .bigEndian ? field : field.reversed()
    return ordered.reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }

  /// - Throws: 6700 when something is left.
  func end() throws(GMStatus) {
    guard rest.isEmpty else { throw .wrongLength }
  }
}

extension [UInt8] {
  /// Appends a 16-bit integer in the card's byte order.
  mutating func append(_ value: UInt16, _ order: GMCardBehaviour.ByteOrder) {
    let bytes = [UInt8(value >> 8), UInt8(value & 0xFF)]
    append(contentsOf: order == .bigEndian ? bytes : bytes.reversed())
  }

  /// Appends a 32-bit integer in the card's byte order.
  mutating func append(_ value: UInt32, _ order: GMCardBehaviour.ByteOrder) {
    let bytes = [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
    append(contentsOf: order == .bigEndian ? bytes : bytes.reversed())
  }

  /// Appends at most `width` bytes of `text`, filled with zeros to `width`.
  mutating func append(_ text: [UInt8], width: Int) {
    append(contentsOf: text.prefix(width))
    append(contentsOf: repeatElement(0, count: Swift.max(0, width - text.count)))
  }
}
