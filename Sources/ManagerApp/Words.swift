public import Failures
import TokenKit

/// Every word on the screen, in one language. The two values stand in `Words.zh.swift` and `Words.en.swift`; a word
/// missing there does not compile.
struct Words: Sendable {
  // Frame
  var title: String
  var demo: String
  var keys: String
  var certificateInfo: String
  var service: String
  var serviceStarting: String
  var serviceRunning: String
  var serviceDown: String
  var serviceDenied: String
  var serviceEmbedded: String
  var tooSmall: @Sendable (_ needs: String, _ now: String) -> [String]
  var asciiOnly: String
  var asciiTag: String

  // Tree
  var readingKey: String
  var noCertificate: String
  var signature: String
  var encryption: String
  var authentication: String
  var cardAuthentication: String
  var signatureShort: String
  var encryptionShort: String
  var authenticationShort: String
  var cardAuthenticationShort: String

  // Fields
  var owner: String
  var organization: String
  var uscc: String
  var issuer: String
  var serial: String
  var validity: String
  var usage: String
  var algorithm: String
  var usageAndAlgorithm: String
  var keySerial: String
  var pin: String
  var adminPIN: String
  var container: String
  var application: String
  var manufacturer: String
  var label: String
  var firmware: String
  var reader: String
  var space: String
  var profile: String
  var subject: String
  var signatureAlgorithm: String
  var keyUsage: String
  var extendedKeyUsage: String
  var fingerprint: String
  var chain: String
  var fullText: String
  var notBefore: String
  var notAfter: String
  var atr: String
  var length: String

  // Values
  var range: @Sendable (_ from: String, _ to: String) -> String
  var daysLeft: @Sendable (Int) -> String
  var endsToday: String
  var expired: @Sendable (Int) -> String
  var expiredToday: String
  var notYetValid: @Sendable (_ date: String) -> String
  var organizationCodeOnly: String
  var checkDigitWrong: String
  var usccSource: @Sendable (String) -> String
  var usccMissing: String
  var subjectField: @Sendable (String) -> String
  var extensionField: @Sendable (String) -> String
  var usageSignature: String
  var usageEncryption: String
  var usageBoth: String
  var usageUnknown: String
  var tries: @Sendable (_ left: Int, _ max: Int?) -> String
  var triesUnknown: String
  var locked: String
  var lockedRemedy: String
  var defaultPIN: String
  var absent: String
  var notOffered: String
  var notRead: String
  var none: String
  var bytesOf: @Sendable (_ free: UInt32, _ total: UInt32) -> String
  var bytes: @Sendable (Int) -> String
  var readOnlyProfile: String
  var moreFields: String
  var certificateAbsent: String

  // Waiting
  var waiting: String
  var waitingForKey: String
  var waitingForService: String
  var connecting: String
  var linkReader: String
  var linkKey: String
  var readers: @Sendable (Int) -> String
  var noReader: String
  var noKey: String
  var plugIn: String
  var insertCard: String
  var unknownYet: String
  var cannotRead: String
  var whatToDo: String
  var keySelectHint: String

  // Messages
  var inserted: @Sendable (String) -> String
  var removed: @Sendable (String) -> String
  var readDone: @Sendable (String) -> String
  var rereading: @Sendable (String) -> String
  var serviceBack: String
  var unavailable: @Sendable (_ action: String, _ reason: String) -> String
  var noKeySelected: String
  var noCertificateSelected: String
  var writing: String
  var pathEmpty: String
  var exported: @Sendable (String) -> String

  // Actions
  var help: String
  var detail: String
  var export: String
  var reread: String
  var quit: String
  var back: String
  var cancel: String
  var save: String
  var nextField: String
  var previousField: String
  var toggleFormat: String
  var overwrite: String
  var up: String
  var down: String
  var pageUp: String
  var pageDown: String
  var first: String
  var last: String
  var redraw: String
  var suspend: String
  var interrupt: String

  // Help, detail, export
  var helpTitle: String
  var symbolsTitle: String
  var symbolOK: String
  var symbolWarning: String
  var symbolError: String
  var detailTitle: String
  var exportTitle: String
  var exportCertificate: String
  var exportFormat: String
  var exportPath: String
  var exportExists: String
  var exportAsk: String
  var chainTrusted: String
  var chainNoAnchors: String
  var chainIncomplete: @Sendable (String) -> String
  var chainUnchecked: String
  var chainRootNotTrusted: @Sendable (String) -> String
  var chainIssuerDiffers: @Sendable (_ certificate: String, _ issuer: String) -> String
  var chainSignatureWrong: @Sendable (String) -> String
  var chainKeyUnusable: @Sendable (String) -> String
  var chainExpired: @Sendable (_ certificate: String, _ date: String) -> String
  var chainNotYetValid: @Sendable (_ certificate: String, _ date: String) -> String
  var chainNotCA: @Sendable (String) -> String
  var chainTooLong: @Sendable (String) -> String
  var chainCritical: @Sendable (_ certificate: String, _ oids: String) -> String
  var chainOther: @Sendable (_ certificate: String, _ text: String) -> String

  static func of(_ language: Language) -> Words {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  func role(_ role: ContainerSnapshot.Role) -> String {
    switch role {
    case .signature: signature
    case .encryption: encryption
    case .authentication: authentication
    case .cardAuthentication: cardAuthentication
    }
  }

  func roleShort(_ role: ContainerSnapshot.Role) -> String {
    switch role {
    case .signature: signatureShort
    case .encryption: encryptionShort
    case .authentication: authenticationShort
    case .cardAuthentication: cardAuthenticationShort
    }
  }
}
