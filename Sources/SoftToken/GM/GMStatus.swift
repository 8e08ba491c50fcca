/// A status word that ends a command, thrown inside the card. Values as in the public implementations of GM/T 0017.
struct GMStatus: Error, Equatable {
  let word: UInt16

  init(_ word: UInt16) {
    self.word = word
  }

  var bytes: [UInt8] { [UInt8(word >> 8), UInt8(word & 0xFF)] }

  static let ok = GMStatus(0x9000)
  static let writeFailed = GMStatus(0x6581)
  static let wrongLength = GMStatus(0x6700)
  static let securityNotSatisfied = GMStatus(0x6982)
  static let locked = GMStatus(0x6983)
  /// No random was fetched before a command that needs one.
  static let noRandom = GMStatus(0x6984)
  static let conditionsNotSatisfied = GMStatus(0x6985)
  static let applicationNotOpen = GMStatus(0x698A)
  static let dataIncorrect = GMStatus(0x6A80)
  static let notSupported = GMStatus(0x6A81)
  static let noSpace = GMStatus(0x6A84)
  static let wrongParameters = GMStatus(0x6A86)
  static let applicationExists = GMStatus(0x6A89)
  static let applicationAlreadyOpen = GMStatus(0x6A8A)
  static let applicationUnknown = GMStatus(0x6A8B)
  static let containerNameUnknown = GMStatus(0x6A91)
  static let fileExists = GMStatus(0x6A92)
  static let fileUnknown = GMStatus(0x6A93)
  static let containerUnknown = GMStatus(0x6A94)
  static let noKeyPair = GMStatus(0x6A95)
  static let noCertificate = GMStatus(0x6A96)
  static let signFailed = GMStatus(0x6A9C)
  static let digestNotSupported = GMStatus(0x6A9D)
  static let wrongOffset = GMStatus(0x6B00)
  static let classNotSupported = GMStatus(0x6E00)
  static let containerExists = GMStatus(0x6E02)
  static let algorithmError = GMStatus(0x6F00)

  /// Verification failed, `left` tries left; more than 15 are shown as 15.
  static func wrongPIN(left: UInt8) -> GMStatus {
    GMStatus(0x63C0 | UInt16(min(left, 15)))
  }
}
