import CertificateKit
import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// What a YubiKey or CanoKey tells beyond the standard, and what signs without a standard's identifier.
@Suite struct PIVMetadataTests {
  private static let now: Int64 = 1_800_000_000

  private func card(_ text: String) throws -> PIVCard {
    try PIVCard.demo(settings: try #require(PIVCardSettings(text: text)), directory: nil, now: Self.now)
  }

  private func token(_ card: any SoftCard) -> CardToken {
    CardToken(source: TokenSource(provider: "test", reader: "test"), link: InProcessLink(card))
  }

  private func read(_ card: any SoftCard) throws -> TokenSnapshot {
    try token(card).read(ReadOptions(), progress: { _ in })
  }

  private func pins(_ snapshot: TokenSnapshot) throws -> (user: PINStatus, admin: PINStatus) {
    let application = try #require(snapshot.applications.value?.first)
    return (try #require(application.userPIN.value), try #require(application.adminPIN.value))
  }

  private func pin(_ text: String) throws -> PIN {
    var pin = try PIN()
    for scalar in text.unicodeScalars { _ = pin.append(scalar) }
    return pin
  }

  @Test func defaultsMaximaAndThePUKAreTold() throws {
    let card = try card("metadata=yes,tries=5")
    let before = try pins(read(card))
    #expect(before.user == PINStatus(triesMax: 5, triesLeft: 5, isLocked: false, isDefault: true))
    #expect(before.admin == before.user)
    let reference = PINReference(application: "PIV", role: .user)
    let old = try pin("123456")
    let new = try pin("918273")
    let wrong = try pin("000000")
    #expect(token(card).changePIN(reference, from: old, to: new, consent: .normal) == .changed)
    #expect(token(card).verify(wrong, reference, consent: .normal) == .wrong(triesLeft: 4))
    #expect(
      try pins(read(card)).user == PINStatus(triesMax: 5, triesLeft: 4, isLocked: false, isDefault: false))
    let puk = PINReference(application: "PIV", role: .admin)
    #expect(token(card).changePIN(puk, from: wrong, to: new, consent: .normal) == .wrong(triesLeft: 4))
    #expect(try pins(read(card)).admin.triesLeft == 4)
  }

  /// Also while some program's login keeps the empty VERIFY from telling.
  @Test func theTriesAreToldWhileThePINIsVerified() throws {
    let card = try card("metadata=yes,tries=5")
    _ = card.process([0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00])
    _ = card.process([0x00, 0x20, 0x00, 0x80, 0x08] + Array("123456".utf8) + [0xFF, 0xFF])
    #expect(try pins(read(card)).user.triesLeft == 5)
  }

  @Test func aLockedPINIsTold() throws {
    let card = try card("metadata=yes,tries=1")
    let wrong = try pin("000000")
    _ = token(card).verify(wrong, PINReference(application: "PIV", role: .user), consent: .last)
    #expect(try pins(read(card)).user == PINStatus(triesMax: 1, triesLeft: 0, isLocked: true, isDefault: true))
  }

  @Test func otherCardsAreNotAsked() throws {
    let card = FaultCard(try card("metadata=no"))
    _ = try read(card)
    #expect(!card.log.contains { $0.header.dropFirst().first == 0xF7 })
  }

  /// An older YubiKey does not know the command: the standard's way tells.
  @Test(arguments: [FaultCard.Fault.status(0x6D00), .garbage([0x06, 0x02, 0x05, 0x90, 0x00])])
  func aCardWithoutTheCommandIsReadAllTheSame(_ fault: FaultCard.Fault) throws {
    let card = FaultCard(try card("metadata=yes,tries=5"))
    for number in 2...4 { card.faults[number] = fault }
    card.faults[3] = nil
    let user = try pins(read(card)).user
    #expect(user == PINStatus(triesMax: nil, triesLeft: 5, isLocked: false, isDefault: nil))
  }

  // MARK: Keys

  private func personalize(_ card: PIVCard, slot: UInt8, _ kind: TestKeyKind, withKey: Bool = true) throws {
    let issued = try TestCA.make(kind: .p256).issue(
      TestCertificate.organization(
        name: "深圳市示例建设工程有限公司", uscc: "9144030071526726XG", keyKind: kind, notBefore: Self.now - 86_400,
        notAfter: Self.now + 86_400 * 300))
    try card.personalize(slot: slot, certificate: issued.certificate, key: withKey ? issued : nil)
  }

  @Test func aKeyThatTheCardNamesSigns() throws {
    let card = try card("metadata=yes,slots=9C")
    try personalize(card, slot: 0x9C, .ed25519)
    let snapshot = try read(card)
    let place = try #require(snapshot.loginCertificate())
    let certificate = try #require(place.certificate.value)
    #expect(certificate.publicKey.name == "Ed25519" && place.container.signingObstacle == nil)
    let message = Array("a message".utf8)
    let secret = try pin("123456")
    let outcome = token(card).sign(message, with: try #require(place.signingKey), pin: secret, consent: .normal)
    guard case .signed(let signature) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    try certificate.verify(signature, of: message)
    #expect(throws: Failure.self) { try certificate.verify(signature, of: message + [0]) }
  }

  /// Said without a PIN, and another key beside it is meant.
  @Test(arguments: [TestKeyKind.sm2, .ed25519]) func whatCannotBeAskedIsSaidBefore(_ kind: TestKeyKind) throws {
    let card = try card("slots=9A+9C")
    try personalize(card, slot: 0x9C, kind, withKey: kind != .sm2)
    let snapshot = try read(card)
    let obstacle = snapshot.places.first { $0.container.name == "9C" }?.container.signingObstacle
    #expect(obstacle?.code == .keyKindUnusable && obstacle?.context == (kind == .sm2 ? "SM2" : "Ed25519"))
    #expect(snapshot.loginCertificate()?.container.name == "9A")
  }

  @Test func aCertificateWithoutItsKeyIsSaid() throws {
    let card = try card("slots=9C")
    try personalize(card, slot: 0x9A, .p256, withKey: false)
    let place = try #require(try read(card).loginCertificate(container: "9A"))
    let secret = try pin("123456")
    let outcome = token(card).sign([1], with: try #require(place.signingKey), pin: secret, consent: .normal)
    guard case .pin(.refused(let failure)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.code == .privateKeyMissing)
  }

  @Test func identifiersAreTheStandardsOrTheCards() throws {
    for (key, identifier) in [
      (PublicKey.rsa(bits: 1024), 0x06), (.rsa(bits: 2048), 0x07), (.rsa(bits: 3072), 0x05),
      (.ec(curve: "prime256v1", bits: 256), 0x11), (.ec(curve: "secp384r1", bits: 384), 0x14),
    ] as [(PublicKey, UInt8)] {
      #expect(try PIVSigning(key, told: nil).algorithm == identifier)
    }
    #expect(try PIVSigning(.rsa(bits: 4096), told: 0x16).algorithm == 0x16)
    // secp256k1 has 256 bits too, and is not P-256.
    for (key, told) in [
      (PublicKey.rsa(bits: 4096), nil), (.rsa(bits: 4096), 0x07), (.ec(curve: "secp256k1", bits: 256), 0x53),
      (.ec(curve: "secp521r1", bits: 521), nil), (.sm2, 0x54), (.ed25519, nil), (.other(oid: "1.3.101.110"), 0xE1),
    ] as [(PublicKey, UInt8?)] {
      #expect(throws: Failure.self) { try PIVSigning(key, told: told) }
    }
  }
}
