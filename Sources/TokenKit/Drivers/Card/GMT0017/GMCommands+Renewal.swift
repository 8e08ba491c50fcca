internal import CertificateKit
internal import Failures
internal import SmartCard

/// GM/T 0017 §9.5 to 9.7, as two public implementations have them; where these differ the profile says which is meant.
extension GMCommands: CardRenewalCommands {
  func checkRoom(_ card: borrowing CardTransaction, for bytes: Int) throws(Failure) {
    let count = try application.containerNames(card).count
    if let most = application.maximumContainers, most > 0, count >= most {
      throw Failure(.renewalRoom, context: "\(count) / \(most)")
    }
    let free = Int(try GMDeviceInformation.read(card).freeSpace)
    // What a token counts as free is not told alike everywhere; one that says 0 may not count at all.
    if free > 0, free < bytes { throw Failure(.renewalRoom, context: "\(free) < \(bytes)") }
  }

  func container(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) -> RenewalContainer? {
    guard try application.containerNames(card).contains(name.bytes) else { return nil }
    let told = try application.containerInformation(card, name: name.bytes)
    return RenewalContainer(hasSignaturePair: told.hasSignaturePair, hasEncryptionPair: told.hasEncryptionPair)
  }

  func createContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) {
    _ = try done(card, CommandAPDU(cla: 0x80, ins: 0x40, data: application.id + name.bytes, le: 2), "CreateContainer")
  }

  func generate(
    _ card: borrowing CardTransaction, _ kind: RenewalKeyKind, in container: TokenName
  ) throws(Failure) {
    guard kind == .sm2 else { throw Failure(.renewalNotOffered, context: kind.rawValue) }
    let place = try place(card, container)
    _ = try done(
      card, CommandAPDU(cla: 0x80, ins: 0x70, data: place + order.bytes(256), le: 64), "GenECCKeyPair")
  }

  func publicKey(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> PublicKeyInfo? {
    let id = try application.openContainer(card, name: container.bytes)
    guard let told = try application.publicKey(card, container: id, Self.type(role)) else { return nil }
    guard told.count >= 64 else {
      throw Failure(.answerMalformed, function: "ExportPublicKey", context: "\(told.count)")
    }
    // The count of bits stands in front.
    return try PublicKeyInfo(sm2: Array(told.suffix(64)))
  }

  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], in container: TokenName, by key: PublicKeyInfo
  ) throws(Failure) -> [UInt8] {
    try signSM2(card, digest: try key.sm2Digest(of: message), place: try place(card, container)) {
      signature throws(Failure) in try key.verify(signature, of: message)
    }
  }

  func importPair(
    _ card: borrowing CardTransaction, _ pair: EnvelopedKey, in container: TokenName
  ) throws(Failure) {
    guard let layout = pairLayout else { throw Failure(.renewalNotOffered, context: profile) }
    let data = layout.data(pair, place: try place(card, container), order)
    _ = try done(card, CommandAPDU(cla: 0x80, ins: 0x72, data: data), "ImportECCKeyPair")
  }

  func importCertificate(
    _ card: borrowing CardTransaction, _ certificate: Certificate, _ role: ContainerSnapshot.Role,
    in container: TokenName
  ) throws(Failure) {
    let der = certificate.der
    let data =
      try place(card, container) + [Self.type(role).rawValue] + order.bytes(UInt32(clamping: der.count)) + der
    _ = try done(card, CommandAPDU(cla: 0x80, ins: 0x4C, data: data), "ImportCertificate")
  }

  func certificate(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> [UInt8]? {
    let id = try application.openContainer(card, name: container.bytes)
    guard let found = try application.certificate(card, container: id, Self.type(role), order: order) else {
      return nil
    }
    // Padding may stand behind it.
    return try Certificate(der: found).der
  }

  /// A random SM4 key, encrypted to the pair, imported by ImportSessionKey; a block encrypted with it by the key and here.
  func opens(
    _ card: borrowing CardTransaction, _ key: PublicKeyInfo, in container: TokenName
  ) throws(Failure) -> Bool? {
    let trial = try SessionKeyTrial(to: key)
    let place = try place(card, container)
    let cipher =
      trial.cipher.point + trial.cipher.hash + order.bytes(UInt32(clamping: trial.cipher.text.count))
      + trial.cipher.text
    let sealed = order.bytes(256) + cipher
    let data = place + order.bytes(Self.sm4ECB) + order.bytes(UInt32(clamping: sealed.count)) + sealed
    let imported = try card.send(CommandAPDU(cla: 0x80, ins: 0xA0, data: data, le: 2), form: .extended)
    if imported.status == .functionNotSupported || imported.status == .instructionNotSupported { return nil }
    // A pair that does not open it is refused here already, with a word that no two cards have alike.
    guard imported.status.isSuccess else { return false }
    guard imported.data.count == 2 else {
      throw Failure(.answerMalformed, function: "ImportSessionKey", context: "\(imported.data.count)")
    }
    let session = place + imported.data
    // BLOCKCIPHERPARAM: IV[32], its length, no padding, no feedback.
    let parameters = [UInt8](repeating: 0, count: 44)
    _ = try done(
      card, CommandAPDU(cla: 0x80, ins: 0xA4, data: session + order.bytes(Self.sm4ECB) + parameters), "EncryptInit")
    let answer = try done(
      card, CommandAPDU(cla: 0x80, ins: 0xA6, data: session + trial.block, le: 16), "Encrypt")
    // DestroySessionKey; it ends with the session at the latest.
    _ = try card.send(CommandAPDU(cla: 0x80, ins: 0xC4, data: session), form: .extended)
    return answer == trial.expected
  }

  func deleteContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) {
    _ = try done(card, CommandAPDU(cla: 0x80, ins: 0x48, data: application.id + name.bytes), "DeleteContainer")
  }

  /// SGD_SM4_ECB.
  private static let sm4ECB: UInt32 = 0x401

  private func place(_ card: borrowing CardTransaction, _ container: TokenName) throws(Failure) -> [UInt8] {
    application.id + (try application.openContainer(card, name: container.bytes))
  }

  private static func type(_ role: ContainerSnapshot.Role) -> GMApplication.CertificateType {
    role == .encryption ? .encryption : .signature
  }

  private func done(
    _ card: borrowing CardTransaction, _ command: CommandAPDU, _ name: String
  ) throws(Failure) -> [UInt8] {
    let answer = try card.send(command, form: .extended)
    guard answer.status.isSuccess else { throw .refused(name, answer.status) }
    return answer.data
  }
}
