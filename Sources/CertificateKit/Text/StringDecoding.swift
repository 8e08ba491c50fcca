import Base
import Failures
import Glibc

/// Decodes the ASN.1 string types as they are found in certificates, not only as the standards have them.
///
/// No byte is dropped: what cannot be read becomes U+FFFD.
enum ASN1Text {
  /// - Parameter tag: universal tag number (12 UTF8String, 19 PrintableString, 20 T61String, 22 IA5String,
  ///   28 UniversalString, 30 BMPString, …). A type that is no string gives `#` and hexadecimal (RFC 4514 §2.4).
  static func decode(_ bytes: ArraySlice<UInt8>, tag: Int) -> String {
    switch tag {
    case 12, 18, 19, 22, 26: eightBit(bytes) { String(decoding: $0, as: UTF8.self) }
    // Latin-1 is how most software reads T61String when it is not one of the encodings used in China.
    case 20, 21, 25, 27: eightBit(bytes, otherwise: latin1)
    case 28: utf32(bytes)
    case 30: utf16(bytes)
    default: "#" + hexText(bytes)
    }
  }

  /// UTF-8 (ASCII with it), also damaged UTF-8 that is plainly meant so; else GB 18030; else `otherwise`.
  private static func eightBit(_ bytes: ArraySlice<UInt8>, otherwise: (ArraySlice<UInt8>) -> String) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // A name cut within a character is still UTF-8 (Han takes three bytes there), though its bytes may pass for GB.
    let repaired = String(decoding: bytes, as: UTF8.self)
    if repaired.unicodeScalars.contains(where: { $0.value >= 0x2E80 && $0.value != 0xFFFD }) { return repaired }
    if looksLikeGB(bytes), let text = gb18030(bytes) { return text }
    return otherwise(bytes)
  }

  /// One byte pair of GB 2312 is enough. `Müller` in Latin-1 is also valid GB 18030, but its only pair has an ASCII
  /// second byte.
  private static func looksLikeGB(_ bytes: ArraySlice<UInt8>) -> Bool {
    var cursor = bytes
    while let lead = cursor.popFirst() {
      guard lead >= 0x81, let trail = cursor.popFirst() else { continue }
      if lead >= 0xA1 && lead <= 0xF7 && trail >= 0xA1 { return true }
    }
    return false
  }

  /// `nil` when the bytes are not GB 18030 or the C library has no table for it.
  private static func gb18030(_ bytes: ArraySlice<UInt8>) -> String? {
    let converter = iconv_open("UTF-8", "GB18030")
    guard let converter, Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // One byte becomes at most three (two bytes → three, four → four).
    let capacity = bytes.count * 3 + 4
    var output = [CChar](repeating: 0, count: capacity)
    var inputLeft = input.count
    var outputLeft = capacity
    let converted = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var to = target.baseAddress
        return iconv(converter, &from, &inputLeft, &to, &outputLeft)
      }
    }
    // (size_t)-1 is the error; characters converted irreversibly are counted otherwise.
    guard converted == 0, inputLeft == 0 else { return nil }
    return String(validating: output.prefix(capacity - outputLeft).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var view = String.UnicodeScalarView()
    for byte in bytes { view.append(byte >= 0x80 && byte < 0xA0 ? "\u{FFFD}" : Unicode.Scalar(byte)) }
    return String(view)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    var cursor = bytes
    while let high = cursor.popFirst() {
      // A lone last byte is half a character.
      units.append(cursor.popFirst().map { UInt16(high) << 8 | UInt16($0) } ?? 0xFFFD)
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func utf32(_ bytes: ArraySlice<UInt8>) -> String {
    var view = String.UnicodeScalarView()
    var cursor = bytes
    while !cursor.isEmpty {
      let unit = cursor.prefix(4)
      cursor = cursor.dropFirst(4)
      let value = unit.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      view.append((unit.count == 4 ? Unicode.Scalar(value) : nil) ?? "\u{FFFD}")
    }
    return String(view)
  }
}

/// Names as Chinese software writes them: UTF-8, else GB 18030, else Latin-1. Not made safe to show.
package func decodedName(_ bytes: [UInt8]) -> String { ASN1Text.decode(bytes[...], tag: 20) }
