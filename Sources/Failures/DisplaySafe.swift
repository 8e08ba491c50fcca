internal import Base

/// Marks in a row that join one letter; more would climb over the lines above. No script of names needs as many.
private let marksInARow = 4

/// Text from a card, a certificate, a file or a library, made safe to print.
///
/// Control characters, bidirectional overrides and isolates, zero-width characters, line and paragraph separators,
/// private-use, unassigned and every other invisible character become `\u{202E}`, so that a name cannot move the
/// cursor, reorder the line or hide a part of itself; so does the fifth combining mark in a row, and those behind it. A
/// backslash stays as it is: this is for eyes, not for parsing back. Applying it twice changes nothing.
package func displaySafe(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = String.UnicodeScalarView()
  var marks = 0
  for scalar in text.unicodeScalars {
    // Common Han, which is nearly every character here, is no mark.
    let isHan = scalar.value >= 0x4E00 && scalar.value <= 0x9FFF
    marks = !isHan && textWidth(scalar) == 0 ? marks + 1 : 0
    if isPrinting(scalar), marks <= marksInARow {
      result.append(scalar)
    } else {
      result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
    }
  }
  return String(result)
}
