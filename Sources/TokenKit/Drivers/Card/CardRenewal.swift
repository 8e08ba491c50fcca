internal import CertificateKit
internal import Failures
internal import SmartCard

/// The steps of a renewal on one family of cards, inside one transaction, on the opened application, the user logged in.
protocol CardRenewalCommands: CardPINCommands {
  func checkRoom(_ card: borrowing CardTransaction, for bytes: Int) throws(Failure)
  func container(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure) -> RenewalContainer?
  func createContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure)
  func generate(
    _ card: borrowing CardTransaction, _ kind: RenewalKeyKind, in container: TokenName
  ) throws(Failure)
  func publicKey(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> PublicKeyInfo?
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], in container: TokenName, by key: PublicKeyInfo
  ) throws(Failure) -> [UInt8]
  func importPair(
    _ card: borrowing CardTransaction, _ pair: EnvelopedKey, in container: TokenName
  ) throws(Failure)
  func importCertificate(
    _ card: borrowing CardTransaction, _ certificate: Certificate, _ role: ContainerSnapshot.Role,
    in container: TokenName
  ) throws(Failure)
  func certificate(
    _ card: borrowing CardTransaction, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) -> [UInt8]?
  func opens(
    _ card: borrowing CardTransaction, _ key: PublicKeyInfo, in container: TokenName
  ) throws(Failure) -> Bool?
  func deleteContainer(_ card: borrowing CardTransaction, _ name: TokenName) throws(Failure)
  /// As ``RenewalSession/hasContainers``.
  var hasContainers: Bool { get }
  /// Called with the accepted PIN before a certificate's key signs.
  func prepareToSign(
    _ card: borrowing CardTransaction, _ container: TokenName, _ pin: UnsafeRawBufferPointer
  ) throws(Failure)
}

extension CardRenewalCommands {
  var hasContainers: Bool { true }

  func prepareToSign(
    _ card: borrowing CardTransaction, _ container: TokenName, _ pin: UnsafeRawBufferPointer
  ) throws(Failure) {}
}

extension CardToken: RenewalToken {
  /// Making a pair takes a card longer than any other command: RSA up to minutes.
  static let renewalLimit = Duration.seconds(120)

  func offer() throws(Failure) -> RenewalOffer {
    let card = try timedTransaction()
    return try recognise(card).renewalOffer(card)
  }

  func withRenewalTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try body(try CardPINTarget(self, limit: Self.renewalLimit))
  }
}

extension CardPINTarget: RenewalSession {
  private func renewal() throws(Failure) -> any CardRenewalCommands {
    guard let commands = commands as? any CardRenewalCommands else { throw Failure(.renewalNotOffered) }
    return commands
  }

  var hasContainers: Bool { (commands as? any CardRenewalCommands)?.hasContainers ?? true }

  func lend(_ pin: UnsafeRawBufferPointer?) { lent = pin }

  func checkRoom(for bytes: Int) throws(Failure) { try renewal().checkRoom(card, for: bytes) }

  func container(_ name: TokenName) throws(Failure) -> RenewalContainer? { try renewal().container(card, name) }

  func createContainer(_ name: TokenName) throws(Failure) { try renewal().createContainer(card, name) }

  func generate(_ kind: RenewalKeyKind, in container: TokenName) throws(Failure) {
    try renewal().generate(card, kind, in: container)
  }

  func publicKey(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> PublicKeyInfo? {
    try renewal().publicKey(card, role, in: container)
  }

  func sign(_ message: [UInt8], in container: TokenName, by key: PublicKeyInfo) throws(Failure) -> [UInt8] {
    try renewal().sign(card, message, in: container, by: key)
  }

  func sign(_ message: [UInt8], with key: SigningKey) throws(Failure) -> [UInt8] {
    let renewal = try renewal()
    if let lent { try renewal.prepareToSign(card, key.container, lent) }
    return try renewal.sign(card, message, key)
  }

  func importPair(_ pair: EnvelopedKey, in container: TokenName) throws(Failure) {
    try renewal().importPair(card, pair, in: container)
  }

  func importCertificate(
    _ certificate: Certificate, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) { try renewal().importCertificate(card, certificate, role, in: container) }

  func certificate(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> [UInt8]? {
    try renewal().certificate(card, role, in: container)
  }

  func opens(_ key: PublicKeyInfo, in container: TokenName) throws(Failure) -> Bool? {
    try renewal().opens(card, key, in: container)
  }

  func deleteContainer(_ name: TokenName) throws(Failure) { try renewal().deleteContainer(card, name) }
}
