package import TokenKit

/// The words of unlocking that only the commands say.
package struct UnlockCommandWords: Sendable {
  package var confirmWrite: String
  package var scan: String
  package var noRoomForQR: String
  package var waitingForFile: @Sendable (_ file: String) -> String
  package var askResponse: String
  package var elsewhere: String
  package var concerns: String
  package var deskAdminPIN: String
  package var deskAdminAgain: String
  package var confirmApprove: String
  package var responseWritten: @Sendable (_ file: String) -> String
  package var temporaryPIN: String
  package var validUntil: @Sendable (_ time: String) -> String
  package var batchDone: @Sendable (_ approved: Int, _ refused: Int) -> String
  package var confirmApply: String
  package var adminTitle: String
  package var created: String
  /// How long a search for this administrator PIN takes who has an answer.
  package var weakAdminPIN: @Sendable (PINRoom) -> String
  package var setAdminTitle: String
  package var auditWhole: @Sendable (_ lines: Int) -> String
  /// Lines of programs before the tie.
  package var auditUntied: @Sendable (_ lines: Int) -> String
  package var auditHead: String
  package var challengeWritten: @Sendable (_ file: String) -> String
  package var askChallenge: String
  package var ownPINFirst: String
  /// Of what a request says, at the desk.
  package var notChecked: String
  package var certificateChecked: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> UnlockCommandWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
