/// Bytes as upper-case hexadecimal, two digits each: `35A109`, or `35:A1:09` with a separator.
///
/// Not generic over sequences: called from another module, that would look up conformances at run time.
package func hexText(_ bytes: ArraySlice<UInt8>, separator: Unicode.Scalar? = nil) -> String {
  var text = String.UnicodeScalarView()
  for byte in bytes {
    if let separator, !text.isEmpty { text.append(separator) }
    text.append(Unicode.Scalar(hexDigit(byte >> 4, from: "A")))
    text.append(Unicode.Scalar(hexDigit(byte, from: "A")))
  }
  return String(text)
}

/// The same for a whole array.
package func hexText(_ bytes: [UInt8], separator: Unicode.Scalar? = nil) -> String {
  hexText(bytes[...], separator: separator)
}

/// A number as upper-case hexadecimal with leading zeros up to `digits`: `001F`.
package func hexText(_ value: UInt, digits: Int) -> String { filled(String(value, radix: 16, uppercase: true), digits) }

/// Bytes as lower-case hexadecimal, as documents and file names have them.
package func lowerHexText(_ bytes: [UInt8]) -> String {
  String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
    for (index, byte) in bytes.enumerated() {
      text[2 * index] = lowerHexDigit(byte >> 4)
      text[2 * index + 1] = lowerHexDigit(byte)
    }
    return 2 * bytes.count
  }
}

/// A number as lower-case hexadecimal with leading zeros up to `digits`: `001f`.
package func lowerHexText(_ value: UInt, digits: Int) -> String { filled(String(value, radix: 16), digits) }

/// The lower-case digit, in ASCII, of the low four bits.
package func lowerHexDigit(_ value: UInt8) -> UInt8 { hexDigit(value, from: "a") }

/// What one digit in ASCII says, in either case; `nil` when it is none.
package func hexValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  default: nil
  }
}

/// What lower-case hexadecimal says. - Returns: `nil` unless it is an even number of such digits.
package func bytes(hex text: String) -> [UInt8]? {
  guard text.utf8.count % 2 == 0 else { return nil }
  var result: [UInt8] = []
  result.reserveCapacity(text.utf8.count / 2)
  var high: UInt8?
  for digit in text.utf8 {
    // Digests are compared as text: one way to write them.
    guard !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= digit), let value = hexValue(digit) else { return nil }
    if let first = high {
      result.append(first << 4 | value)
      high = nil
    } else {
      high = value
    }
  }
  return result
}

private func hexDigit(_ value: UInt8, from letter: Unicode.Scalar) -> UInt8 {
  let low = value & 15
  return low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: letter) + (low - 10)
}

private func filled(_ text: String, _ digits: Int) -> String {
  String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
