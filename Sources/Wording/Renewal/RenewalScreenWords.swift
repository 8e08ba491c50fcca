package import Failures
package import RenewalKit

/// The words of the screen that walks a renewal on the key.
package struct RenewalScreenWords: Sendable {
  package var title: String
  package var looking: String
  // What will happen.
  package var planTitle: String
  package var plan: [String]
  package var oldStays: String
  package var askFirst: @Sendable (_ authority: String) -> String
  package var room: @Sendable (_ free: UInt32, _ containers: Int) -> String
  package var roomUnknown: @Sendable (_ containers: Int) -> String
  package var littleRoom: String
  package var noEncryptionPair: String
  package var fillIn: String
  package var paperOnly: String
  package var byPaper: @Sendable (Failure) -> String
  package var afterForm: String
  package var besides: String
  // Where it stands.
  package var since: @Sendable (_ order: String, _ date: String) -> String
  package var milestone: @Sendable (RenewalMilestone) -> String
  package var done: String
  package var next: String
  package var toCome: String
  package var goOn: @Sendable (RenewalStage) -> String
  package var enterGoesOn: @Sendable (String) -> String
  package var newOrder: String
  /// What becomes of the order that is left.
  package var startingOver: @Sendable (_ order: String) -> String
  package var stopped: String
  /// The same where the old certificate was just being removed.
  package var stoppedRemoving: String
  package var stoppedNext: String
  package var look: String
  package var remedy: @Sendable (Failure) -> String?
  // The request.
  package var requestMade: String
  package var file: @Sendable (RenewalFile) -> String
  package var handIn: String
  package var comeBack: String
  package var answerFile: String
  package var readAnswer: String
  package var parts: @Sendable (Int) -> String
  package var reading: String
  // The answer.
  package var contents: @Sendable (_ encryption: Bool) -> String
  package var none: String
  package var old: String
  package var new: String
  package var serial: String
  package var until: String
  package var signsWith: String
  package var container: String
  package var noDifferences: String
  package var agree: String
  package var agreeAsk: String
  package var write: String
  package var writeAsk: String
  package var addPart: String
  // The end.
  package var installed: String
  package var loginFirst: String
  package var login: String
  package var removeLater: String
  package var remove: String
  package var removeTitle: String
  package var removeAsk: String
  package var removeWord: String
  package var removeDiffers: String
  package var noOld: String
  package var notRead: String
  package var closed: String
  package var closedNext: String
  // The PIN.
  package var willDo: @Sendable (RenewalAct) -> String
  package var begin: String
  package var ready: String
  package var doNotRemove: String
  package var interruptWarning: String
  /// Told when the screen was left meanwhile.
  package var told: @Sendable (RenewalStage) -> String
  // In the list.
  package var inList: String
  package var standing: @Sendable (RenewalStage, _ date: String) -> String
  package var note: @Sendable (RenewalStage) -> String
  package var advice: @Sendable (_ owner: String, RenewalStage) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> RenewalScreenWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  /// Whether the line is the word that agrees to the removal, in any language.
  package static func isRemoval(_ line: String) -> Bool {
    let typed = line.split(separator: " ").joined().lowercased()
    return Language.allCases.contains { RenewalScreenWords[$0].removeWord == typed }
  }
}

/// A step as the holder sees it, on the key and off it.
package enum RenewalMilestone: Sendable, CaseIterable {
  case pair, request, answer, encryptionPair, certificates, check, removal
}

/// What is done on the key at one time.
package enum RenewalAct: Sendable {
  case request, install, remove
}

/// The files of a request.
package enum RenewalFile: Sendable {
  case request, form, order, csr
}
