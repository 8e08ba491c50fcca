internal import Base
internal import CertificateKit
internal import Failures
internal import SmartCard

extension PIVDriver {
  /// Slots that are looked at for room: a card with so many orders is full for all that matters.
  private static let most = 4

  /// A new pair goes into a retired slot that has neither key nor certificate: making one in a slot destroys the one that was there.
  ///
  /// - Throws: `UK-535` when the management key is not behind the PIN.
  func renewalOffer(_ card: borrowing CardTransaction) throws(Failure) -> RenewalOffer {
    try PIVManagement.check(card, selected)
    let commands = PIVCommands(application: selected)
    var places: [TokenName] = []
    for slot in PIVSlots.retired where places.count < Self.most {
      let name = TokenName(hexText([slot]))
      if try commands.container(card, name) == nil { places.append(name) }
    }
    return RenewalOffer(
      kinds: [.p256, .rsa2048], takesEncryptionPair: false,
      basis: .published(profile: "PIV, PIN-protected management key"), places: places, removesOld: false)
  }
}

/// A new certificate on a PIV card (SP 800-73-4 part 2 §3.3) whose management key is behind the PIN, see ``PIVManagement``. A
/// container is a key slot; what is in it the card tells by GET METADATA.
extension PIVCommands: CardRenewalCommands {
  var hasContainers: Bool { false }

  private func slot(_ name: TokenName) throws(Failure) -> UInt8 {
    guard let slot = UInt8(name.text, radix: 16), PIVSlots.retired.contains(slot) || PIVReader.tag(slot) != nil else {
      throw Failure(.containerMissing, context: displaySafe(name))
    }
    return slot
  }

  private func told(_ card: borrowing CardTransaction, _ slot: UInt8) throws(Failure) -> [UInt8]? {
    let answer = try card.send(CommandAPDU(ins: 0xF7, p2: slot, le: 256))
    if answer.status == .referenceDataNotFound { return nil }
    guard answer.status.isSuccess else { throw .refused("GET METADATA", answer.status) }
    return answer.data
  }

  func checkRoom(_ card: borrowing CardTransaction, for bytes: Int) throws(Failure) {}

  func container(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) -> RenewalContainer? {
    let slot = try slot(name)
    if try told(card, slot) != nil { return RenewalContainer(hasSignaturePair: true, hasEncryptionPair: false) }
    return try certificate(card, .signature, in: name) == nil
      ? nil : RenewalContainer(hasSignaturePair: false, hasEncryptionPair: false)
  }

  func createContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) {}

  /// GENERATE ASYMMETRIC KEY PAIR, `00 47 00 slot`.
  func generate(
    _ card: borrowing CardTransaction, _ kind: RenewalKeyKind, in container: TokenName
  ) throws(Failure) {
    let slot = try slot(container)
    let algorithm: UInt8
    switch kind {
    case .p256: algorithm = 0x11
    case .rsa2048: algorithm = 0x07
    case .sm2: throw Failure(.renewalNotOffered, function: "PIV", context: kind.rawValue)
    }
    // Only ever into a retired slot that is empty: whoever asks has looked, and it is looked at once more.
    guard PIVSlots.retired.contains(slot), try self.container(card, container) == nil else {
      throw Failure(.renewalNotOffered, function: "PIV", context: displaySafe(container))
    }
    try PIVManagement.authenticate(card, application)
    let answer = try card.send(
      CommandAPDU(ins: 0x47, p2: slot, data: Self.tlv(0xAC, [0x80, 0x01, algorithm]), le: 256))
    guard answer.status.isSuccess else { throw .refused("GENERATE ASYMMETRIC KEY PAIR", answer.status) }
  }

  /// Of GET METADATA: `04 { 86 point }`, `04 { 81 modulus, 82 exponent }`.
  func publicKey(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> PublicKeyInfo? {
    guard role != .encryption, let told = try told(card, try slot(container)) else { return nil }
    guard let key = try TLVReader.find(0x04, in: told[...]) else {
      throw Failure(.answerMalformed, function: "GET METADATA")
    }
    if let point = try TLVReader.find(0x86, in: key), point.count == 65, point.first == 0x04 {
      return try PublicKeyInfo(p256: Array(point.dropFirst()))
    }
    guard let modulus = try TLVReader.find(0x81, in: key), let exponent = try TLVReader.find(0x82, in: key) else {
      throw Failure(.answerMalformed, function: "GET METADATA", context: "04")
    }
    return try PublicKeyInfo(modulus: Array(modulus), exponent: Array(exponent))
  }

  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], in container: TokenName, by key: PublicKeyInfo
  ) throws(Failure) -> [UInt8] {
    let made = try signature(card, message, try slot(container), try PIVSigning(key.kind, told: nil))
    try key.verify(made, of: message)
    return made
  }

  func importPair(
    _ card: borrowing CardTransaction, _ pair: EnvelopedKey, in container: TokenName
  ) throws(Failure) {
    throw Failure(.answerPair, function: "PIV")
  }

  /// PUT DATA, `00 DB 3F FF`: `70` the certificate, `71` not compressed, `FE` nothing.
  func importCertificate(
    _ card: borrowing CardTransaction, _ certificate: Certificate, _ role: ContainerSnapshot.Role,
    in container: TokenName
  ) throws(Failure) {
    let slot = try slot(container)
    guard PIVSlots.retired.contains(slot), let tag = PIVReader.tag(slot) else {
      throw Failure(.renewalNotOffered, function: "PIV", context: displaySafe(container))
    }
    try PIVManagement.authenticate(card, application)
    let content = Self.tlv(0x70, certificate.der) + [0x71, 0x01, 0x00, 0xFE, 0x00]
    let data = Self.tlv(0x5C, tag) + Self.tlv(0x53, content)
    let answer = try card.send(CommandAPDU(ins: 0xDB, p1: 0x3F, p2: 0xFF, data: data))
    guard answer.status.isSuccess else { throw .refused("PUT DATA", answer.status) }
  }

  func certificate(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> [UInt8]? {
    guard role != .encryption, let tag = PIVReader.tag(try slot(container)) else { return nil }
    var application = application
    return try PIVReader.bytes(card, &application, tag)
  }

  func opens(
    _ card: borrowing CardTransaction, _ key: PublicKeyInfo, in container: TokenName
  ) throws(Failure) -> Bool? { nil }

  func deleteContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) {
    throw Failure(.oldStillNeeded, function: "PIV", context: displaySafe(name))
  }

  /// The key 9C wants the PIN just before each use.
  func prepareToSign(
    _ card: borrowing CardTransaction, _ container: TokenName, _ pin: UnsafeRawBufferPointer
  ) throws(Failure) {
    guard try slot(container) == 0x9C else { return }
    let memory = try LockedMemory()
    for (index, byte) in [0x00, 0x20, 0x00, 0x80, UInt8(Self.fieldSize)].enumerated() { memory[index] = byte }
    for index in 0..<Self.fieldSize { memory[5 + index] = index < pin.count ? pin[index] : 0xFF }
    let answer = try card.sendSecret(memory.bytes(5 + Self.fieldSize))
    guard answer.status.isSuccess else { throw .refused("VERIFY", answer.status) }
  }
}
