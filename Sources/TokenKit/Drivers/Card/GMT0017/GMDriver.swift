internal import Failures
internal import SmartCard

/// GM/T 0017 tokens. No AID or ATR is defined for them: what answers GetDevInfo is one.
struct GMDriver: CardDriver {
  static let family = TokenFamily.gmt0017
  static var profiles: [(name: String, provenance: String)] { GMProfile.all.map { ($0.name, $0.provenance) } }

  static func claims(atr: [UInt8]) -> Bool { GMProfile.all.contains { $0.matches(atr: atr) } }

  let device: GMDeviceInformation
  /// Governs PIN commands: the one forced, or the one that this token's information matches.
  let profile: GMProfile?

  static func recognise(_ card: borrowing CardTransaction, profile: String?) throws(Failure) -> GMDriver {
    let device = try GMDeviceInformation.read(card)
    let atr = card.atr
    let forced = profile.flatMap { GMProfile.named($0) }
    return GMDriver(device: device, profile: forced ?? GMProfile.all.first { $0.matches(device, atr: atr) })
  }

  func read(
    _ card: borrowing CardTransaction, _ source: TokenSource, _ options: ReadOptions,
    _ progress: (TokenSnapshot) -> Void
  ) throws(Failure) -> TokenSnapshot {
    try GMReader(source: source, device: device, profile: profile).read(card, options, progress)
  }

  var pinSupport: PINSupport {
    guard let profile, profile.pin != nil else { return .noProfile }
    return .supported(profile: profile.name, provenance: profile.provenance, .gmt)
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) -> PINPolicy? { profile?.pin == nil ? nil : .gmt }

  func renewalOffer(_ card: borrowing CardTransaction) throws(Failure) -> RenewalOffer {
    guard let profile, profile.pin != nil, profile.renewal != nil else {
      throw Failure(.renewalNotOffered, function: "GM/T 0017", context: profile?.name)
    }
    return RenewalOffer(kinds: [.sm2], takesEncryptionPair: true, basis: .published(profile: profile.name))
  }

  func serial(_ card: borrowing CardTransaction) -> TokenName? { device.serial }

  func open(_ card: borrowing CardTransaction, _ reference: PINReference) throws(Failure) -> any CardPINCommands {
    guard let profile, let form = profile.pin else { throw Failure(.pinProfile) }
    let application = try GMApplication.open(card, name: reference.application.bytes)
    return GMCommands(
      application: application, form: form, profile: profile.name, order: profile.byteOrder ?? device.byteOrder,
      pairLayout: profile.renewal?.pairLayout)
  }
}
