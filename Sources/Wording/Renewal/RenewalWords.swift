package import RenewalKit
package import TokenKit

/// The words of a renewal on the key.
package struct RenewalWords: Sendable {
  /// What will happen, before anything is written.
  package var plan: String
  package var basis: @Sendable (RenewalOffer.Basis) -> String
  package var resumed: @Sendable (_ order: String) -> String
  package var step: @Sendable (RenewalStep) -> String
  package var stage: @Sendable (RenewalStage) -> String
  package var orderWritten: @Sendable (_ file: String) -> String
  package var csrWritten: @Sendable (_ file: String) -> String
  package var sendOrder: @Sendable (_ order: String) -> String
  package var interrupted: String
  /// The same where the old certificate was just being removed.
  package var interruptedRemoving: String
  /// A request was written and the PIN was not accepted or not given.
  package var requestOnly: @Sendable (_ next: String) -> String
  package var differencesTitle: String
  package var difference: @Sendable (AnswerDifference) -> String
  package var confirmDifferences: String
  package var confirmApply: String
  package var installed: @Sendable (_ container: String) -> String
  package var pairProved: String
  package var pairNotTried: String
  package var loginOnce: @Sendable (_ container: String, _ order: String) -> String
  package var removeWarning: String
  package var nothingRemoved: String
  package var removed: @Sendable (_ container: String) -> String
  package var noOrders: String
  package var next: @Sendable (RenewalStage, _ order: String) -> String
  package var order: String
  /// Of the order's file, beside that of the request's.
  package var orderCheckCode: String
  package var key: String
  package var privateAuthority: String
  package var confirmIssue: String
  package var issued: @Sendable (_ file: String) -> String
  package var issuedBefore: String
  package var authorityMade: @Sendable (_ folder: String) -> String
  package var statementSigned: String
  /// What keeps the issuer from relying on the old certificate.
  package var doubt: @Sendable (OldCertificateDoubt) -> String
  package var overruled: String
  package var passphrase: String
  package var newPassphrase: String
  package var passphraseAgain: String
  package var passphrasesDiffer: String
  package var keyNotSealed: @Sendable (_ folder: String) -> String
  package var confirmForget: @Sendable (_ order: String) -> String
  /// What stays on the key.
  package var forgotten: @Sendable (_ order: String, _ container: String) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> RenewalWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
