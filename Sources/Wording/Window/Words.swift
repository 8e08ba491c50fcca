package import TokenKit

/// Every word on the screen, in one language. The two values stand in `Words.zh.swift` and `Words.en.swift`; a word
/// missing there does not compile.
package struct Words: Sendable {
  package var language: Language

  // Frame
  package var title: String
  package var demo: String
  package var keys: String
  package var certificateInfo: String
  package var service: String
  package var serviceStarting: String
  package var serviceRunning: String
  package var serviceDown: String
  package var serviceDenied: String
  package var serviceEmbedded: String
  package var serviceNotNeeded: String
  package var tooSmall: @Sendable (_ needs: String, _ now: String) -> [String]
  package var asciiOnly: String
  package var asciiTag: String
  /// Web pages and the service that they speak to.
  package var pages: ServiceWords

  // Tree
  package var readingKey: String
  package var noCertificate: String
  package var signature: String
  package var encryption: String
  package var authentication: String
  package var cardAuthentication: String
  package var authority: String
  package var signatureShort: String
  package var encryptionShort: String
  package var authenticationShort: String
  package var cardAuthenticationShort: String
  package var authorityShort: String

  // Fields
  package var owner: String
  package var organization: String
  package var uscc: String
  package var issuer: String
  package var serial: String
  package var validity: String
  package var usage: String
  package var algorithm: String
  package var usageAndAlgorithm: String
  package var keySerial: String
  /// Other ways in which the same key is seen.
  package var alsoSeen: String
  /// The vendor's library, and that it was started again so often.
  package var library: String
  package var libraryRestarted: @Sendable (Int) -> String
  package var pin: String
  package var adminPIN: String
  package var container: String
  package var application: String
  package var manufacturer: String
  package var label: String
  package var firmware: String
  package var reader: String
  package var space: String
  package var profile: String
  package var subject: String
  package var signatureAlgorithm: String
  package var keyUsage: String
  package var extendedKeyUsage: String
  package var fingerprint: String
  package var chain: String
  package var fullText: String
  package var notBefore: String
  package var notAfter: String
  package var atr: String
  package var length: String

  // Values
  package var range: @Sendable (_ from: String, _ to: String) -> String
  package var daysLeft: @Sendable (Int) -> String
  package var endsToday: String
  package var expired: @Sendable (Int) -> String
  package var expiredToday: String
  package var notYetValidShort: String
  package var notYetValid: @Sendable (_ date: String) -> String
  package var organizationCodeOnly: String
  package var checkDigitWrong: String
  package var usccSource: @Sendable (String) -> String
  package var usccMissing: String
  package var subjectField: @Sendable (String) -> String
  package var extensionField: @Sendable (String) -> String
  package var usageSignature: String
  package var usageEncryption: String
  package var usageBoth: String
  package var usageUnknown: String
  package var tries: @Sendable (_ left: Int, _ max: Int?) -> String
  package var triesUnknown: String
  package var locked: String
  package var lockedRemedy: String
  /// Of the user PIN only.
  package var defaultPIN: String
  /// Beside the administrator PIN or PUK: whose it is, and that a holder leaves it alone.
  package var adminIsAuthoritys: String
  package var absent: String
  package var notOffered: String
  package var notRead: String
  package var none: String
  package var bytesOf: @Sendable (_ free: UInt32, _ total: UInt32) -> String
  package var bytes: @Sendable (Int) -> String
  package var readOnlyProfile: String
  package var moreFields: String
  package var certificateAbsent: String

  // Waiting
  package var waiting: String
  package var waitingForKey: String
  package var waitingForService: String
  package var connecting: String
  package var linkReader: String
  package var linkKey: String
  package var readers: @Sendable (Int) -> String
  package var noReader: String
  /// In place of it while libraries have not answered.
  package var asking: @Sendable (_ libraries: String) -> String
  package var noKey: String
  package var keyNeedsLibrary: String
  package var plugIn: String
  package var insertCard: String
  package var unknownYet: String
  package var cannotRead: String
  package var whatToDo: String
  package var keySelectHint: String

  // Messages
  package var inserted: @Sendable (String) -> String
  package var removed: @Sendable (String) -> String
  package var readDone: @Sendable (String) -> String
  package var rereading: @Sendable (String) -> String
  package var retryingService: String
  package var serviceBack: String
  package var unavailable: @Sendable (_ action: String, _ reason: String) -> String
  package var noKeySelected: String
  package var noCertificateSelected: String
  package var writing: String
  package var pathEmpty: String
  package var exported: @Sendable (String) -> String

  // Actions
  package var help: String
  package var detail: String
  package var export: String
  package var reread: String
  package var quit: String
  package var back: String
  package var cancel: String
  package var save: String
  package var nextField: String
  package var previousField: String
  package var toggleFormat: String
  package var overwrite: String
  package var changePIN: String
  package var diagnose: String
  package var checkAgain: String
  package var report: String
  package var repair: String
  package var repairAsk: String
  package var repaired: @Sendable (_ status: Int) -> String
  package var reportPreview: String
  package var stillChecking: String
  package var needsAdministrator: String
  package var nothingToRepair: String
  package var unlock: String
  package var business: String
  package var fillIn: String
  package var nothingToFill: String
  package var businessWithoutKey: String
  package var contact: @Sendable (Authority) -> String
  package var login: String
  package var beginTest: String
  package var toggleRole: String
  package var submit: String
  package var confirm: String
  package var useAnyway: String
  package var makeChallenge: String
  package var newRequest: String
  package var tryAgain: String
  package var wipeAndLeave: String
  package var up: String
  package var down: String
  package var pageUp: String
  package var pageDown: String
  package var first: String
  package var last: String
  package var redraw: String
  package var suspend: String
  package var interrupt: String

  // Help, detail, export
  package var helpTitle: String
  package var symbolsTitle: String
  package var symbolOK: String
  package var symbolWarning: String
  package var symbolError: String
  package var symbolPresent: String
  package var symbolAbsent: String
  package var symbolNone: String
  package var symbolSkipped: String
  package var questionsTitle: String
  package var readAnswer: String
  package var noQuestion: String
  package var goBackFirst: String
  package var detailTitle: String
  package var exportTitle: String
  package var exportCertificate: String
  package var exportFormat: String
  package var exportPath: String
  package var exportExists: String
  package var exportAsk: String
  package var chainTrusted: String
  package var chainNoAnchors: String
  package var chainIncomplete: @Sendable (String) -> String
  package var chainUnchecked: String
  package var chainRootNotTrusted: @Sendable (String) -> String
  package var chainIssuerDiffers: @Sendable (_ certificate: String, _ issuer: String) -> String
  package var chainSignatureWrong: @Sendable (String) -> String
  package var chainSignatureUnchecked: @Sendable (_ certificate: String, _ reason: String) -> String
  package var chainKeyUnusable: @Sendable (String) -> String
  /// A link's certificate and its key.
  package var chainWeakKey: @Sendable (String, String) -> String
  /// A link's certificate and how it is signed.
  package var chainWeakDigest: @Sendable (String, String) -> String
  package var chainExpired: @Sendable (_ certificate: String, _ date: String) -> String
  package var chainNotYetValid: @Sendable (_ certificate: String, _ date: String) -> String
  package var chainNotCA: @Sendable (String) -> String
  package var chainTooLong: @Sendable (String) -> String
  package var chainCritical: @Sendable (_ certificate: String, _ oids: String) -> String
  package var chainOther: @Sendable (_ certificate: String, _ text: String) -> String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  package static subscript(language: Language) -> Words {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  package func role(_ role: ContainerSnapshot.Role) -> String {
    switch role {
    case .signature: signature
    case .encryption: encryption
    case .authentication: authentication
    case .cardAuthentication: cardAuthentication
    case .authority: authority
    }
  }

  package func roleShort(_ role: ContainerSnapshot.Role) -> String {
    switch role {
    case .signature: signatureShort
    case .encryption: encryptionShort
    case .authentication: authenticationShort
    case .cardAuthentication: cardAuthenticationShort
    case .authority: authorityShort
    }
  }
}
