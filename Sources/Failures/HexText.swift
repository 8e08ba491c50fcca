/// Bytes as upper-case hexadecimal, two digits each: `35A109`, or `35:A1:09` with a separator.
///
/// Not generic over sequences: called from another module, that would look up conformances at run time.
package func hexText(_ bytes: ArraySlice<UInt8>, separator: Unicode.Scalar? = nil) -> String {
  var text = String.UnicodeScalarView()
  for byte in bytes {
    if let separator, !text.isEmpty { text.append(separator) }
    text.append(hexDigit(byte >> 4))
    text.append(hexDigit(byte & 0x0F))
  }
  return String(text)
}

/// The same for a whole array.
package func hexText(_ bytes: [UInt8], separator: Unicode.Scalar? = nil) -> String {
  hexText(bytes[...], separator: separator)
}

private func hexDigit(_ value: UInt8) -> Unicode.Scalar {
  Unicode.Scalar(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + (value - 10))
}
