internal import Failures
internal import SmartCard

/// PIV cards (NIST SP 800-73-4): one application, a container for each key slot.
struct PIVDriver: CardDriver {
  static let family = TokenFamily.piv
  /// As documents name it; there is only one.
  static let profile = "piv"
  static let application: TokenName = "PIV"

  var selected: PIVApplication

  static func recognise(_ card: borrowing CardTransaction, profile: String?) throws(Failure) -> PIVDriver {
    PIVDriver(selected: try PIVApplication.select(card))
  }

  mutating func adopt(_ earlier: any CardDriver) {
    if let earlier = earlier as? PIVDriver { selected.found = earlier.selected.found }
  }

  func read(
    _ card: borrowing CardTransaction, _ source: TokenSource, _ options: ReadOptions,
    _ progress: (TokenSnapshot) -> Void
  ) throws(Failure) -> TokenSnapshot {
    try PIVReader(source: source, selected: selected).read(card, options, progress)
  }

  var pinSupport: PINSupport {
    .supported(profile: Self.profile, provenance: "NIST SP 800-73-4", .piv)
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    switch task {
    case .answer: throw Failure(.unlockNotRemote)
    // The PUK is checked only by what it is used for.
    case .verify where role == .admin: throw Failure(.notSupported, function: "VERIFY PUK")
    case .status, .verify, .change, .unblock, .sign: return .piv
    }
  }

  mutating func serial(_ card: borrowing CardTransaction) throws(Failure) -> TokenName? {
    try PIVReader.serial(card, &selected).value
  }

  func open(_ card: borrowing CardTransaction, _ reference: PINReference) throws(Failure) -> any CardPINCommands {
    var application = selected
    try application.findUserPIN(card)
    return PIVCommands(application: application)
  }
}
