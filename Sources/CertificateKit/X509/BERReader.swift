/// Reads elements of BER (X.690 §8) for those who want to know what somebody else may take some bytes for: OpenSSL and others
/// read lengths that are written longer than needed and contents without a length, where ``DERReader`` reads on purpose
/// less. It finds tags; nothing is decided by a value.
struct BERReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Constructed elements without a length within each other; the standards know about ten.
  private static let depth = 32

  /// The next element, or `nil` at the end, on a tag number above 30, or where it does not end within the data.
  mutating func next() -> DERReader.Element? { next(Self.depth) }

  private mutating func next(_ depth: Int) -> DERReader.Element? {
    var cursor = rest
    guard depth > 0, let tag = cursor.popFirst(), tag & 0x1F != 0x1F, let first = cursor.popFirst() else { return nil }
    if first == 0x80 {
      guard tag & 0x20 != 0 else { return nil }
      var inner = BERReader(cursor)
      while !inner.rest.starts(with: [0, 0]) { guard inner.next(depth - 1) != nil else { return nil } }
      rest = inner.rest.dropFirst(2)
      return DERReader.Element(tag: tag, content: cursor[..<inner.rest.startIndex])
    }
    var length = Int(first)
    if first > 0x80 {
      length = 0
      for _ in 0..<Int(first & 0x7F) {
        guard let byte = cursor.popFirst(), length < 1 << 32 else { return nil }
        length = length << 8 | Int(byte)
      }
    }
    guard length <= cursor.count else { return nil }
    rest = cursor.dropFirst(length)
    return DERReader.Element(tag: tag, content: cursor.prefix(length))
  }
}
