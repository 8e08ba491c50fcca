/// Text from a card, a certificate, a file or a library, made safe to print.
///
/// Control characters, bidirectional overrides and isolates, zero-width characters, line and paragraph separators,
/// private-use, unassigned and every other invisible character become `\u{202E}`, so that a name cannot move the
/// cursor, reorder the line or hide a part of itself. A backslash stays as it is: this is for eyes, not for parsing
/// back. Applying it twice changes nothing.
package func displaySafe(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if isPrinting(scalar) {
      result.append(scalar)
    } else {
      result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
    }
  }
  return String(result)
}

private func isPrinting(_ scalar: Unicode.Scalar) -> Bool {
  let value = scalar.value
  if value < 0x7F { return value >= 0x20 }
  // Common Han, asked first because it is nearly every character here.
  if value >= 0x4E00 && value <= 0x9FFF { return true }
  let properties = scalar.properties
  if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return false }
  switch properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator: return false
  case .unassigned:
    // Planes 2 and 3 hold Han only; names use characters newer than this program's Unicode tables.
    return value >= 0x20000 && value <= 0x3FFFD
  default:
    // U+2800 is a blank that Unicode does not class as a space.
    return value != 0x2800
  }
}
