import Failures

/// The exit codes of every command: a contract, documented in `Docs/commands.md`.
enum ProgramExit: Int32, Sendable {
  case ok = 0
  case unexpected = 1
  case usage = 2
  case expiring = 3
  case expired = 4
  case noKey = 5
  case noCertificate = 6
  case pinWrong = 7
  case pinLocked = 8
  case notSent = 9
  case serviceFault = 10
  case outcomeUnknown = 11
  case interrupted = 130

  init(_ failure: Failure) {
    self =
      switch failure.code {
      case .noReader, .readerUnknown, .keyUnknown, .noCard, .cardRemoved, .readerLost: .noKey
      case .certificateMissing, .certificatesPrivate, .tokenNotInitialized, .certificateUnmatched, .applicationMissing,
        .containerMissing, .privateKeyMissing:
        .noCertificate
      case .severalKeys, .choiceAmbiguous, .certificateAmbiguous, .unlockField: .usage
      case .pinWrong: .pinWrong
      case .pinLocked: .pinLocked
      case .pinUnknown: .outcomeUnknown
      case .notSupported, .keyKindUnusable, .pinNotSet, .pinRule, .pinTries, .pinProfile, .profileUnconfirmed,
        .keyChanged, .pinRefused,
        .pinNotGiven,
        .secretMemory,
        .unlockFileMalformed, .unlockFileVersion, .unlockFileAltered, .unlockFileTime, .unlockNotRemote,
        .requestOtherKey, .responseOtherKey, .responseOtherRequest, .responseExpired, .responseReplayed, .challengeGone,
        .weakAdminPIN, .notIssued, .answerLimit, .formatRetired, .deskUnknown, .responseForged,
        .responseSealedElsewhere,
        .notWaiting, .challengeMissing, .challengeOtherRequest,
        .answerUnreadable, .answerOtherKey, .answerDiffers, .answerNotInDate, .answerPair, .renewalNotOffered,
        .renewalRoom, .renewalOrder, .orderForged, .orderAnswered, .oldStillNeeded, .oldNotVerified,
        .renewalNone:
        .notSent
      case .fileExists, .fileRead, .fileWrite, .reportMalformed, .internalError, .crypto, .trustDirectory,
        .terminalUnsuitable,
        .softTokenState, .unlockLog, .auditBroken, .deskKey, .issuer:
        .unexpected
      case .cancelled: .interrupted
      default: .serviceFault
      }
  }
}
