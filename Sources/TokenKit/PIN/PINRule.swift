/// A rule about a PIN that is checked before anything is sent. Hard rules refuse; weak ones warn.
package enum PINRule: Sendable, Equatable {
  // Hard
  case empty
  case tooShort(minimum: Int)
  case tooLong(maximum: Int)
  /// A character outside printable ASCII.
  case notASCII
  /// Full-width characters (an input method was on); shown as such, never folded.
  case fullWidth
  /// The repeat differs.
  case repeatDiffers
  /// The new PIN is the old one.
  case sameAsOld

  // Weak
  /// A well-known default: 12345678, 123456, 111111, 000000, 1234.
  case wellKnown
  /// All characters alike.
  case allAlike
  /// A rising or falling run.
  case run
  /// Part of the credit code or of the key's serial.
  case partOfIdentity
  /// Other characters than the digits that the standard of this key asks for: it, or the next one, may refuse them.
  case notDigits

  /// For a failure's context, where no words are: `tooShort(6)`.
  package var name: String {
    switch self {
    case .empty: "empty"
    case .tooShort(let minimum): "tooShort(\(minimum))"
    case .tooLong(let maximum): "tooLong(\(maximum))"
    case .notASCII: "notASCII"
    case .fullWidth: "fullWidth"
    case .repeatDiffers: "repeatDiffers"
    case .sameAsOld: "sameAsOld"
    case .wellKnown: "wellKnown"
    case .allAlike: "allAlike"
    case .run: "run"
    case .partOfIdentity: "partOfIdentity"
    case .notDigits: "notDigits"
    }
  }
}

/// What PINs a key takes.
package struct PINPolicy: Sendable, Equatable {
  package var minimum: Int
  package var maximum: Int
  /// The standard has the user PIN as digits. Many cards take more, so that it is only warned of.
  package var expectsDigits: Bool
  /// The PIN is entered at the key or its reader, within this time, and never typed here; `nil`: typed here. No rule
  /// concerns it then: an empty ``PIN`` stands for it.
  package var padLimit: Duration?

  package init(minimum: Int, maximum: Int, expectsDigits: Bool = false) {
    self.minimum = minimum
    self.maximum = maximum
    self.expectsDigits = expectsDigits
  }

  /// GM/T 0016 §8.2.4: at least 6; 16 is the width of the field that holds it.
  package static let gmt = PINPolicy(minimum: 6, maximum: 16)
  /// NIST SP 800-73-4 part 2 §2.4.3: 6 to 8 digits.
  package static let piv = PINPolicy(minimum: 6, maximum: 8, expectsDigits: true)

  /// What new PINs of this role take: an administrator PIN or PUK is of any characters in every standard.
  package func of(_ role: PINReference.Role) -> PINPolicy {
    var policy = self
    if role == .admin { policy.expectsDigits = false }
    return policy
  }

  /// The first hard rule that an entered PIN breaks, before it is sent as the current PIN: a PIN already on the key may
  /// be shorter than new ones have to be, so only what can never be right is refused.
  package func refusal(current pin: borrowing PIN) -> PINRule? {
    if padLimit != nil { return nil }
    if pin.isEmpty { return .empty }
    if let rule = Self.characters(pin) { return rule }
    return pin.count > maximum ? .tooLong(maximum: maximum) : nil
  }

  /// The first hard rule that a new PIN breaks by itself.
  package func refusal(new pin: borrowing PIN) -> PINRule? {
    if let rule = refusal(current: pin) { return rule }
    return padLimit == nil && pin.count < minimum ? .tooShort(minimum: minimum) : nil
  }

  /// All weak rules that a new PIN breaks.
  ///
  /// - Parameter identities: texts that are known to others, such as the credit code and the key's serial.
  package func warnings(new pin: borrowing PIN, identities: [String]) -> [PINRule] {
    pin.withBytes { bytes in
      var found: [PINRule] = []
      if expectsDigits, !bytes.allSatisfy({ (0x30...0x39).contains($0) }) { found.append(.notDigits) }
      if Self.wellKnown.contains(where: { bytes.elementsEqual($0.utf8) }) { found.append(.wellKnown) }
      guard bytes.count >= 2, let first = bytes.first else { return found }
      if bytes.allSatisfy({ $0 == first }) { found.append(.allAlike) }
      // No array of the steps: with the first byte they would be the PIN, on the heap.
      let pairs = zip(bytes, bytes.dropFirst())
      if pairs.allSatisfy({ Int($1) - Int($0) == 1 }) || pairs.allSatisfy({ Int($0) - Int($1) == 1 }) {
        found.append(.run)
      }
      if bytes.count >= 4, identities.contains(where: { Self.contains(Array($0.utf8), bytes) }) {
        found.append(.partOfIdentity)
      }
      return found
    }
  }

  private static let wellKnown = ["12345678", "123456", "111111", "000000", "1234", "88888888", "666666"]

  private static func contains(_ text: [UInt8], _ part: UnsafeRawBufferPointer) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...text.count - part.count).contains { start in text[start...].prefix(part.count).elementsEqual(part) }
  }

  private static func characters(_ pin: borrowing PIN) -> PINRule? {
    pin.withBytes { bytes in
      if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return nil }
      // U+FF01 to U+FF5E and the ideographic space, in UTF-8.
      var hasFullWidth = false
      for index in bytes.indices.dropLast(2) {
        let lead = (bytes[index], bytes[index + 1])
        if lead == (0xEF, 0xBC) || lead == (0xEF, 0xBD) || (lead == (0xE3, 0x80) && bytes[index + 2] == 0x80) {
          hasFullWidth = true
        }
      }
      return hasFullWidth ? .fullWidth : .notASCII
    }
  }
}
