import Failures
import TokenKit

/// The words of the PIN screen beyond those that the shell says too (``PINWords``).
struct PINScreenWords: Sendable {
  // Why it is disabled
  var stillReading: String
  var noPIN: String
  var noProfile: String
  var noAdminPIN: String
  var running: String

  // The head
  var key: String
  var application: String
  var kind: String
  var userPIN: String
  var adminPIN: String
  /// The title for the PUK of a PIV card.
  var pukTitle: String
  var tries: String
  var isDefault: String
  var switchKind: String

  // Before
  var asking: String
  var askingWait: String
  var confirmLow: @Sendable (Int?) -> String
  var confirmPrompt: String
  var confirmHint: String
  var wordDiffers: String
  var lastTry: String
  var lastTrySure: String
  var lastTryUnsure: String
  var adminLastTryUnsure: String

  // Fields
  var oldHint: String
  var againHint: String
  var startsAnew: String
  var navigationKey: String
  var noRoom: String
  var wiped: String
  var strengthWeak: String
  var strengthFair: String
  var strengthStrong: String
  var isSame: String
  var differs: String
  var acceptable: String
  var complete: String
  var willChange: String
  var weakTitle: String
  var weakAsk: String

  // During and after
  var sending: String
  var doNotRemove: String
  var slow: @Sendable (_ seconds: Int) -> String
  var interruptWarning: String
  var adminLockedNext: String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  static subscript(language: Language) -> PINScreenWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  /// The word that confirms, in either language: a terminal without an input method cannot type 继续.
  static func isConfirmation(_ text: String) -> Bool {
    let typed = text.split(separator: " ").joined().lowercased()
    return typed == PINWords.zh.confirmWord || typed == PINWords.en.confirmWord
  }

  func strength(_ strength: PINStrength) -> String {
    switch strength {
    case .weak: strengthWeak
    case .fair: strengthFair
    case .strong: strengthStrong
    }
  }
}

extension State {
  var pinWords: PINScreenWords { _read { yield PINScreenWords[language] } }
}
