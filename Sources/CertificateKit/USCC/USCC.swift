/// 统一社会信用代码: shape and check digits (GB 32100-2015), with the organisation code inside it (GB 11714).
package enum USCC {
  /// What 18 characters turned out to be.
  package enum Validation: Sendable, Equatable {
    case valid
    /// The shape is right; the check of the organisation code inside (character 17), the last one, or both are wrong.
    /// Early pilot codes are so: a warning, never a refusal.
    case checkDigitWrong(organizationCode: Bool, last: Bool)
    /// Not 18 characters of the alphabet `0123456789ABCDEFGHJKLMNPQRTUWXY`, or no region code at 3–8.
    case malformed
  }

  /// The 31 characters of GB 32100: no I, O, S, V, Z.
  private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

  /// Trimmed (spaces of any width, NUL), upper case, full-width forms made half-width.
  package static func normalized(_ text: String) -> String {
    var scalars: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      // U+FF01…U+FF5E mirror ASCII; U+3000 is the wide space.
      switch scalar.value {
      case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      case 0x3000: scalars.append(" ")
      case 0x61...0x7A: scalars.append(Unicode.Scalar(scalar.value - 0x20) ?? scalar)
      default: scalars.append(scalar)
      }
    }
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0 || scalar.properties.isWhitespace }
    let trimmed = scalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    var view = String.UnicodeScalarView()
    for scalar in trimmed {
      // Full-width small letters became small ones above.
      view.append((0x61...0x7A).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0x20) ?? scalar : scalar)
    }
    return String(view)
  }

  /// Checks ``normalized(_:)`` text.
  package static func validate(_ text: String) -> Validation {
    let code = Array(normalized(text).utf8)
    let values = code.compactMap { alphabet.firstIndex(of: $0) }
    guard code.count == 18, values.count == 18, code[2..<8].allSatisfy(isDigit) else { return .malformed }
    var sum = 0
    var weight = 1
    for value in values.prefix(17) {
      sum += value * weight
      weight = weight * 3 % 31
    }
    let isLastRight = values[17] == (31 - sum % 31) % 31
    let isOrganizationRight = isOrganizationCode(String(decoding: code[8..<17], as: UTF8.self))
    return isLastRight && isOrganizationRight
      ? .valid : .checkDigitWrong(organizationCode: !isOrganizationRight, last: !isLastRight)
  }

  /// Whether nine characters (a hyphen before the last allowed) are an organisation code whose check is right.
  package static func isOrganizationCode(_ text: String) -> Bool {
    guard let code = organizationCodeShape(text) else { return false }
    let sum = zip(code.utf8, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { sum, pair in
      sum + pair.1 * Int(isDigit(pair.0) ? pair.0 - 0x30 : pair.0 - 0x41 + 10)
    }
    let expected: UInt8 =
      switch 11 - sum % 11 {
      case 10: 0x58
      case 11: 0x30
      case let value: 0x30 + UInt8(value)
      }
    return code.utf8.last == expected
  }

  /// `XXXXXXXX-X` or nine characters → nine characters, normalised; `nil` for any other shape.
  static func organizationCodeShape(_ text: String) -> String? {
    var code = Array(normalized(text).utf8)
    if code.count == 10, code[8] == 0x2D { code.remove(at: 8) }
    guard code.count == 9, code.prefix(8).allSatisfy({ isDigit($0) || (0x41...0x5A).contains($0) }),
      isDigit(code[8]) || code[8] == 0x58
    else { return nil }
    return String(decoding: code, as: UTF8.self)
  }

  /// Whether 18 characters are a resident identity number (GB 11643): it has the same shape and must never be shown
  /// as the code of a company.
  static func isResidentNumber(_ text: String) -> Bool {
    let code = Array(text.utf8)
    guard code.count == 18, code.prefix(17).allSatisfy(isDigit), isDigit(code[17]) || code[17] == 0x58 else {
      return false
    }
    func number(_ range: Range<Int>) -> Int { code[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    guard (1800...2200).contains(number(6..<10)), (1...12).contains(number(10..<12)),
      (1...31).contains(number(12..<14))
    else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(code, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    return Array("10X98765432".utf8)[sum % 11] == code[17]
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
