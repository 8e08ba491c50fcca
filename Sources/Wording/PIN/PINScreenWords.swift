package import TokenKit

/// The words of the PIN screen beyond those that the shell says too (``PINWords``).
package struct PINScreenWords: Sendable {
  // Why it is disabled
  package var stillReading: String
  package var noPIN: String
  package var noProfile: String
  package var noAdminPIN: String
  package var running: String

  // The head
  package var key: String
  package var application: String
  package var kind: String
  /// The title for the PUK of a PIV card.
  package var pukTitle: String
  package var tries: String
  package var isDefault: String
  /// The administrator PIN is kept by the authority.
  package var kept: String

  // Before the administrator PIN
  package var adminIsAuthoritys: @Sendable (_ pin: String) -> String
  package var adminHarm: String
  package var adminHint: String
  package var adminWordDiffers: String

  // Before
  package var asking: String
  package var askingWait: String
  package var confirmLow: @Sendable (Int?) -> String
  package var confirmPrompt: String
  package var confirmHint: String
  package var wordDiffers: String
  package var lastTry: String
  package var lastTrySure: String
  package var lastTryUnsure: String
  package var adminLastTryUnsure: String

  // Fields
  package var oldHint: String
  package var againHint: String
  /// The eye.
  package var showPIN: String
  package var startsAnew: String
  package var navigationKey: String
  package var noRoom: String
  package var wiped: String
  package var strengthWeak: String
  package var strengthFair: String
  package var strengthStrong: String
  package var isSame: String
  package var differs: String
  package var acceptable: String
  package var complete: String
  package var willChange: String
  package var weakTitle: String
  package var weakAsk: String

  // During and after
  package var sending: String
  package var doNotRemove: String
  /// Before: where the PIN is entered, within so many seconds.
  package var usePad: @Sendable (_ seconds: Int) -> String
  /// Meanwhile.
  package var padWaits: @Sendable (_ seconds: Int) -> String
  package var padCancel: String
  package var slow: @Sendable (_ seconds: Int) -> String
  package var interruptWarning: String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  package static subscript(language: Language) -> PINScreenWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  package func strength(_ strength: PINStrength) -> String {
    switch strength {
    case .weak: strengthWeak
    case .fair: strengthFair
    case .strong: strengthStrong
    }
  }
}
