internal import Base
internal import CertificateKit
internal import Failures
internal import SmartCard

/// The key slots of a PIV card by their names.
package enum PIVSlots {
  /// Retired key management 1 to 20.
  static let retired: ClosedRange<UInt8> = 0x82...0x95

  /// Whether this names a retired slot, `82` to `95`.
  package static func isRetired(_ name: String) -> Bool {
    name.utf8.count == 2 && UInt8(name, radix: 16).map(retired.contains) == true
  }
}

/// Reads a PIV card: certificates, tries left, serial. One command an object, nothing that the screen does not show.
struct PIVReader {
  var source: TokenSource
  var selected: PIVApplication

  /// A key slot, the object that holds its certificate (SP 800-73-4 part 1 table 3) and what it is for.
  private struct Slot {
    var name: String
    var tag: [UInt8]
    var role: ContainerSnapshot.Role
  }

  private static let slots = [
    Slot(name: "9A", tag: [0x5F, 0xC1, 0x05], role: .authentication),
    Slot(name: "9C", tag: [0x5F, 0xC1, 0x0A], role: .signature),
    Slot(name: "9D", tag: [0x5F, 0xC1, 0x0B], role: .encryption),
    Slot(name: "9E", tag: [0x5F, 0xC1, 0x01], role: .cardAuthentication),
  ]

  /// Retired key management 1 to 20: slots 82 to 95, objects 5FC10D to 5FC120.
  private static let retired = PIVSlots.retired.map { slot in
    Slot(name: hexText([slot]), tag: [0x5F, 0xC1, slot - PIVSlots.retired.lowerBound + 0x0D], role: .encryption)
  }

  /// The tag of the object with the certificate of a slot; `nil` where there is no such slot.
  static func tag(_ slot: UInt8) -> [UInt8]? {
    (slots + retired).first { UInt8($0.name, radix: 16) == slot }?.tag
  }

  private static func slots(_ options: ReadOptions) -> [Slot] {
    switch options.extent {
    case .everything, .certificates(container: nil): slots + (options.retiredSlots ? retired : [])
    case .certificates(let name?): (slots + retired).filter { $0.name == name.uppercased() }
    case .login:
      slots.filter { $0.role == .authentication || $0.role == .signature } + (options.retiredSlots ? retired : [])
    case .pins, .userPIN: []
    }
  }

  private static let chuid: [UInt8] = [0x5F, 0xC1, 0x02]

  func read(
    _ card: borrowing CardTransaction, _ options: ReadOptions, _ progress: (TokenSnapshot) -> Void
  ) throws(Failure) -> TokenSnapshot {
    var application = selected
    var snapshot = TokenSnapshot(
      source: source, family: PIVDriver.family, atr: card.atr,
      device: DeviceInfo(label: application.label.map { .value($0) } ?? .absent), profile: PIVDriver.profile,
      applications: .value([]), isComplete: false)
    let isPlain = if case .certificates = options.extent { true } else { false }
    if !isPlain { try application.findUserPIN(card) }
    var piv = ApplicationSnapshot(
      name: PIVDriver.application,
      userPIN: isPlain
        ? .notOffered : try Reading.item { () throws(Failure) in try application.pinStatus(card) },
      adminPIN: .value(
        isPlain || options.extent == .userPIN || options.extent == .login
          ? PIVApplication.unknownPUK : try application.pukStatus(card)), containers: .value([]))
    var containers: [ContainerSnapshot] = []
    let budget = CertificateBudget()
    for var slot in Self.slots(options) {
      let certificate = try Reading.item { () throws(Failure) in
        try Self.certificate(card, &application, slot.tag, budget)
      }
      guard certificate != .absent else { continue }
      if Self.isForSigning(certificate.value, in: slot) { slot.role = .signature }
      var container = ContainerSnapshot(
        name: TokenName(slot.name), kind: Self.kind(certificate.value),
        entries: [.init(role: slot.role, certificate: certificate)])
      if !isPlain { try Self.askSigning(card, application, slot, certificate.value, &container) }
      if options.keys { try Self.askKey(card, application, slot, &container) }
      containers.append(container)
      piv.containers = .value(containers)
      snapshot.applications = .value([piv])
      progress(snapshot)
    }
    if !isPlain {
      snapshot.device.serial = try Reading.item { () throws(Failure) in try Self.serial(card, &application) }
    }
    snapshot.applications = .value([piv])
    snapshot.isComplete = true
    return snapshot
  }

  /// A renewal puts certificates that sign into retired slots, whose keys are by the standard those that decrypt.
  private static func isForSigning(_ certificate: Certificate?, in slot: Slot) -> Bool {
    guard PIVSlots.isRetired(slot.name), let usage = certificate?.keyUsage else { return false }
    return usage.contains(.digitalSignature)
      && usage.isDisjoint(with: [.keyEncipherment, .dataEncipherment, .keyAgreement])
  }

  /// A certificate object: `70` the certificate, `71` its coding, both inside `53` (part 1 appendix A).
  private static func certificate(
    _ card: borrowing CardTransaction, _ application: inout PIVApplication, _ tag: [UInt8], _ budget: CertificateBudget
  ) throws(Failure) -> Reading<Certificate> {
    try budget.certificate { () throws(Failure) in try bytes(card, &application, tag) }
  }

  /// The certificate in such an object, DER; `nil` when there is none.
  static func bytes(
    _ card: borrowing CardTransaction, _ application: inout PIVApplication, _ tag: [UInt8]
  ) throws(Failure) -> [UInt8]? {
    guard let content = try application.object(card, tag) else { return nil }
    guard let bytes = try TLVReader.find(0x70, in: content), !bytes.isEmpty else { return nil }
    let info = try TLVReader.find(0x71, in: content)?.first ?? 0
    let isCompressed = info & 0x01 != 0
    return isCompressed ? try inflate(bytes) : Array(bytes)
  }

  /// Whether and how the key of a slot that logs in signs; asks the card where only it can tell.
  private static func askSigning(
    _ card: borrowing CardTransaction, _ application: PIVApplication, _ slot: Slot, _ certificate: Certificate?,
    _ container: inout ContainerSnapshot
  ) throws(Failure) {
    guard let certificate, certificate.maySign, slot.role == .signature || slot.role == .authentication,
      let number = UInt8(slot.name, radix: 16)
    else { return }
    do throws(Failure) {
      container.toldAlgorithm = try application.toldAlgorithm(card, number, certificate.publicKey)
    } catch {
      guard error.concernsItemOnly else { throw error }
      container.signingObstacle = error
    }
  }

  /// Whether the key of a slot is that of its certificate, where the card tells.
  private static func askKey(
    _ card: borrowing CardTransaction, _ application: PIVApplication, _ slot: Slot, _ container: inout ContainerSnapshot
  ) throws(Failure) {
    guard let number = UInt8(slot.name, radix: 16), let certificate = container.entries.first?.certificate.value else {
      return
    }
    container.entries[0].key = try KeyFit.item { () throws(Failure) in
      try application.publicKey(card, number, certificate)
    }
  }

  private static func kind(_ certificate: Certificate?) -> Reading<ContainerSnapshot.Kind> {
    switch certificate?.publicKey {
    case .rsa: .value(.rsa)
    case .sm2: .value(.sm2)
    case .ec: .value(.ec)
    case .other, nil: .notOffered
    }
  }

  /// The key's serial: the maker's where its command is known, otherwise the card's GUID, otherwise its FASC-N, both
  /// from the CHUID (part 1 §3.1.2).
  static func serial(
    _ card: borrowing CardTransaction, _ application: inout PIVApplication
  ) throws(Failure) -> Reading<TokenName> {
    if application.isYubico {
      // Yubico's extension GET SERIAL: four bytes, big-endian, printed in decimal on the key.
      let answer = try card.send(CommandAPDU(ins: 0xF8, le: 256))
      if answer.status.isSuccess, answer.data.count == 4 {
        return .value(TokenName(String(answer.data.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })))
      }
    }
    guard let content = try application.object(card, chuid) else { return .absent }
    if let guid = try TLVReader.find(0x34, in: content), guid.contains(where: { $0 != 0 }) {
      return .value(TokenName(hexText(guid)))
    }
    if let fascN = try TLVReader.find(0x30, in: content), fascN.contains(where: { $0 != 0 }) {
      return .value(TokenName(hexText(fascN)))
    }
    return .absent
  }
}
