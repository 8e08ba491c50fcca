/// The state of a PIN as the key tells it without being given one.
package struct PINStatus: Sendable, Equatable {
  /// `nil` when the key does not say.
  package var triesMax: Int?
  /// 0 means locked; `nil` when the key does not say (a PIV card whose PIN is already verified, for example).
  package var triesLeft: Int?
  package var isLocked: Bool
  /// Still the factory default; `nil` when the key does not say.
  package var isDefault: Bool?
  /// Someone verified it in this power cycle; a PIV card then does not tell the tries.
  package var isVerified: Bool
  /// This kind of key never tells a number, and says nothing of few being left: not knowing is then no warning.
  package var isUncounted = false

  package init(triesMax: Int?, triesLeft: Int?, isLocked: Bool, isDefault: Bool?, isVerified: Bool = false) {
    self.isVerified = isVerified
    self.triesMax = triesMax
    self.triesLeft = triesLeft
    self.isLocked = isLocked
    self.isDefault = isDefault
  }
}

extension PINStatus {
  /// What it takes to try now. A key that usually counts and does not say now is taken to have few.
  package var consentNeeded: TryConsent {
    isUncounted ? .normal : .needed(triesLeft: triesLeft, of: triesMax)
  }

  /// Whether so many tries may be more in truth: a card without another way to tell them has four bits for them (63CX,
  /// ISO/IEC 7816-4 §5.6), and one with more tries says 15.
  package static func isAtLeast(_ left: Int, of maximum: Int?) -> Bool { left == 15 && maximum == nil }

  /// Few tries are left: worth a warning wherever the PIN is shown.
  package var isLow: Bool { triesLeft != nil && consentNeeded > .normal }
}
