/// A total reader of DER elements: it stops at the first byte that does not fit and never reads outside its slice.
struct DERReader {
  struct Element {
    /// Identifier octet: class, constructed bit and tag number below 31.
    var tag: UInt8
    var content: ArraySlice<UInt8>

    var isConstructed: Bool { tag & 0x20 != 0 }
    var isContextSpecific: Bool { tag & 0xC0 == 0x80 }
  }

  /// What has not been read.
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next element, or `nil` at the end, on a tag number above 30, an indefinite length or one beyond the data.
  mutating func next() -> Element? {
    var cursor = rest
    guard let tag = cursor.popFirst(), tag & 0x1F != 0x1F, let first = cursor.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard count >= 1, count <= 4 else { return nil }
      length = 0
      for _ in 0..<count {
        guard let byte = cursor.popFirst() else { return nil }
        length = length << 8 | Int(byte)
      }
    }
    guard length <= cursor.count else { return nil }
    let content = cursor.prefix(length)
    rest = cursor.dropFirst(length)
    return Element(tag: tag, content: content)
  }

  /// The next element when it has this tag.
  mutating func next(tag: UInt8) -> ArraySlice<UInt8>? {
    guard let element = next(), element.tag == tag else { return nil }
    return element.content
  }
}
