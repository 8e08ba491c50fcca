package import Failures

/// One BER-TLV data object (ISO/IEC 7816-4 §5.2.2): tag as a number (`0x7E`, `0x5F2F`), value as a view of the input.
package struct TLV: Sendable, Equatable {
  package var tag: UInt32
  package var value: ArraySlice<UInt8>

  package init(tag: UInt32, value: ArraySlice<UInt8>) {
    self.tag = tag
    self.value = value
  }
}

/// Reads consecutive BER-TLV objects from hostile bytes: total, never traps, never looks beyond its input.
///
/// Tags of up to four bytes, definite lengths of up to four bytes. Padding 00 or FF between objects is passed over, as
/// ISO/IEC 7816-4 allows.
package struct TLVReader {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(bytes) }

  package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next object, or `nil` at the end.
  ///
  /// - Throws: `UK-203` for a tag or length that is cut off, indefinite, or lies beyond the input.
  package mutating func next() throws(Failure) -> TLV? {
    while let byte = rest.first, byte == 0x00 || byte == 0xFF { rest.removeFirst() }
    guard let first = rest.popFirst() else { return nil }
    var tag = UInt32(first)
    if first & 0x1F == 0x1F {
      var more = true
      while more {
        guard let byte = rest.popFirst(), tag <= 0xFF_FFFF else { throw Self.malformed("tag") }
        tag = tag << 8 | UInt32(byte)
        more = byte & 0x80 != 0
      }
    }
    guard let lead = rest.popFirst() else { throw Self.malformed("length") }
    var length = Int(lead)
    if lead & 0x80 != 0 {
      let count = Int(lead & 0x7F)
      guard (1...4).contains(count), rest.count >= count else { throw Self.malformed("length") }
      length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      rest.removeFirst(count)
    }
    guard length <= rest.count else { throw Self.malformed("length \(length) beyond \(rest.count)") }
    let value = rest.prefix(length)
    rest.removeFirst(length)
    return TLV(tag: tag, value: value)
  }

  /// The value of the first object with this tag, at this level only.
  ///
  /// - Throws: `UK-203` as ``next()``.
  package static func find(_ tag: UInt32, in bytes: ArraySlice<UInt8>) throws(Failure) -> ArraySlice<UInt8>? {
    var reader = TLVReader(bytes)
    while let object = try reader.next() {
      if object.tag == tag { return object.value }
    }
    return nil
  }

  private static func malformed(_ part: String) -> Failure {
    Failure(.answerMalformed, function: "BER-TLV", context: part)
  }
}
