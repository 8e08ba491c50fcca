package import Failures
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
  package var created: String
  package var checkCode: String
  package var applicantTitle: String
  package var name: String
  package var mobile: String
  package var reason: String
  package var delivery: String
  package var deliveryName: @Sendable (Applicant.Delivery) -> String
  package var address: String
  package var kindTitle: String
  package var remember: String
  package var problem: @Sendable (FieldProblem) -> String

  // Request
  package var keyWarning: String
  package var willWrite: @Sendable (_ file: String) -> String
  package var confirmWrite: String
  package var written: @Sendable (_ file: String) -> String
  package var formWritten: @Sendable (_ file: String) -> String
  package var scan: String
  package var noRoomForQR: String
  package var compact: String
  package var keepInserted: String
  package var invalidates: String
  package var waitingForFile: @Sendable (_ file: String) -> String
  package var askResponse: String
  package var elsewhere: String
  package var challengeEnded: String
  package var notRemote: String

  // Desk
  package var concerns: String
  package var deskAdminPIN: String
  package var deskAdminAgain: String
  package var confirmApprove: String
  package var responseWritten: @Sendable (_ file: String) -> String
  package var temporaryPIN: String
  package var temporaryOnce: String
  package var validUntil: @Sendable (_ time: String) -> String
  package var batchDone: @Sendable (_ approved: Int, _ refused: Int) -> String

  // Application
  package var willApply: @Sendable (_ serial: String, _ triesLeft: Int?) -> String
  package var confirmApply: String
  package var nowChange: String
  package var adminTitle: String
  package var adminLocked: String
  package var adminWrong: @Sendable (Int?) -> String
  package var responseWrong: @Sendable (Int?) -> String
  package var yes: String

  package static func of(_ language: Language) -> UnlockWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }
}
