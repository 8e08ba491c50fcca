/// Whether a scalar leaves something to see where it stands, and does nothing else: no control or format character, no
/// bidirectional override, nothing of zero width that joins no letter, nothing of private use.
package func isPrinting(_ scalar: Unicode.Scalar) -> Bool {
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
