/// How few tries the user has agreed to. Read again inside the operation, just before the PIN is sent.
package enum TryConsent: Int, Sendable, Comparable {
  /// Enough tries, or a key that never says how many.
  case normal
  /// Also few tries, and a key that says it usually but not now: confirmed in words, or `--low-tries`.
  case low
  /// Also the last one: `--last-try`.
  case last

  package static func < (left: TryConsent, right: TryConsent) -> Bool { left.rawValue < right.rawValue }

  /// What it takes to try with so many tries left: the one rule of what is few, which window, PIN screen, status, doctor
  /// and the operation itself ask. Few are at most 3 and fewer than the key's maximum, or at most 2 where that is not
  /// known, so that a key as delivered warns of nothing.
  ///
  /// - Parameters:
  ///   - left: `nil` when the key does not say now.
  ///   - maximum: `nil` when the key does not say.
  package static func needed(triesLeft left: Int?, of maximum: Int?) -> TryConsent {
    guard let left else { return .low }
    if left <= 1 { return .last }
    return left <= 3 && left < (maximum ?? 3) ? .low : .normal
  }

  /// How an operation ends before anything is sent; `nil` when the state of the PIN allows it under this consent.
  ///
  /// - Parameter status: `nil` when the key cannot tell it; that takes the consent for few.
  func refusal(_ status: PINStatus?) -> PINOutcome? {
    if status?.isLocked == true { return .locked }
    return self < (status?.consentNeeded ?? .low) ? .notSent(.tries(status?.triesLeft)) : nil
  }
}
