import Failures
package import TokenKit
package import UnlockKit

/// The words of unlocking, for the commands and the screen. A word missing in a language does not compile.
package struct UnlockWords: Sendable {
  package var title: String
  package var kind: @Sendable (UnlockKind) -> String
  package var keySerial: String
  package var owner: String
  package var uscc: String
  package var application: String
  package var userPIN: String
  package var adminPIN: String
  package var tries: @Sendable (UnlockRequest.Tries) -> String
  package var checkCode: String
  package var otherName: String
  package var name: String
  package var mobile: String
  /// What the person gives as reason; of a change, what is to change.
  package var reason: @Sendable (UnlockKind) -> String
  package var certificate: String
  package var delivery: String
  package var deliveryName: @Sendable (Applicant.Delivery) -> String
  package var address: String
  package var kindTitle: String
  package var remember: String
  package var problem: @Sendable (FieldProblem, UnlockKind) -> String

  // Request
  package var keyWarning: String
  package var willWrite: @Sendable (_ file: String) -> String
  package var written: @Sendable (_ file: String) -> String
  package var formWritten: @Sendable (_ file: String) -> String
  package var compact: String
  package var keepInserted: String
  package var invalidates: String
  package var challengeEnded: String
  package var notRemote: String
  /// The request is made; the key need not be left in.
  package var putAway: String
  package var certificateSerial: String
  /// The credit code that the person gave, where the certificate has another.
  package var usccGiven: String

  // Challenge
  package var challengeLine: String
  package var challengeUntil: @Sendable (_ time: String) -> String
  package var signedBy: @Sendable (_ desk: String) -> String

  // Application
  package var willApply: @Sendable (_ serial: String, _ triesLeft: Int?) -> String
  package var askOwnPIN: String
  package var ownPINHint: String
  /// Unlocked, and the temporary PIN not yet changed.
  package var finishLater: String
  package var adminLocked: String
  package var responseWrong: @Sendable (Int?) -> String
  /// What may have led to it, and what to do.
  package var responseWrongNext: String

  // Screen
  package var file: String
  package var responseFile: String
  package var choiceHint: String
  package var leaveWarning: String
  package var making: String
  package var challenging: String
  package var checking: String
  /// A request made earlier waits for its desk.
  package var isWaiting: @Sendable (_ time: String) -> String
  package var enterForChallenge: String
  // Files
  package var completePath: String
  package var useOtherName: String
  /// A file of the name is there: what now. With the name that Enter takes.
  package var takenAsk: @Sendable (_ free: String?) -> String
  package var openForm: String
  package var printForm: String
  package var noForm: String
  package var cannotOpen: String
  package var cannotPrint: String
  package var opened: String
  package var printed: String
  package var notOpened: String
  package var notPrinted: String
  /// What to do with both files.
  package var sendTo: @Sendable (Authority) -> String
  // What comes from outside while the challenge is open
  package var noticed: @Sendable (_ path: String) -> String
  package var noticedLook: String
  package var doneElsewhere: String
  package var remoteWarning: String
  package var applying: String
  package var enterToWrite: String
  package var handIn: String
  package var reasonLocked: String
  package var reasonForgotten: String
  package var reasonExpiring: String
  package var reasonExpired: String
  package var reasonDamaged: String
  package var noApplication: String
  package var no: String
  package var yesWord: String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  package static subscript(language: Language) -> UnlockWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}

extension UnlockWords {
  /// The outcome of sending a response: a wrong one is not the holder's mistake.
  package func text(_ outcome: PINOutcome, _ language: Language) -> OutcomeText {
    let general = PINWords[language].text(outcome, language)
    switch outcome {
    case .wrong(let left):
      return OutcomeText(title: responseWrong(left), next: responseWrongNext)
    case .locked: return OutcomeText(title: adminLocked, next: "")
    case .refused(let failure) where failure.code == .challengeGone:
      return OutcomeText(title: failure.line(language), next: failure.words(language).remedy)
    default: return general
    }
  }
}
