import CertificateKit
import Failures
import SoftToken
import Testing

@testable import TokenKit

/// A key of a Chinese maker, whose application, container and label have names in GBK: shown as they are meant, and given
/// back to the key as it wrote them.
@Suite struct TokenNameTests {
  private func pin(_ text: String) throws(Failure) -> PIN {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return pin
  }

  private func key(_ behaviour: GMCardBehaviour) throws -> (token: CardToken, snapshot: TokenSnapshot) {
    let link = InProcessLink(try GMCard.demo(.gbkNames, behaviour: behaviour))
    let token = CardToken(source: TokenSource(provider: "test", reader: "test"), link: link)
    return (token, try token.read(ReadOptions(), progress: { _ in }))
  }

  @Test func namesAreOneWhenTheirBytesAre() {
    let gbk = TokenName(GMSample.gbkApplicationName)
    #expect(gbk.text == "深圳政务应用" && gbk != TokenName("深圳政务应用"))
    #expect(TokenName("SZCA").bytes == Array("SZCA".utf8) && TokenName(Array("SZCA".utf8)) == "SZCA")
    #expect(TokenName(field: [0x41, 0x20, 0x20]) == "A" && TokenName(field: [0x41, 0x00, 0x42]) == "A")
    #expect(TokenName(field: [0x00, 0x41]).isEmpty && displaySafe(TokenName([0x41, 0x1B])) == "A\\u{1B}")
  }

  /// A field of fixed width cuts where it ends, within a character or not.
  @Test func aCutCharacterIsLeftOut() {
    let label = Array("深圳示例令牌演示令牌".utf8)
    #expect(TokenName(field: label[0..<20]).text == "深圳示例令牌")
    #expect(TokenName(field: label[0..<20]).bytes == Array(label[0..<20]))
    // Not where the field went on, and not what is no UTF-8 at all.
    #expect(TokenName(field: (Array(label[0..<20]) + [0x20])[...]).text != "深圳示例令牌")
    #expect(TokenName(field: GMSample.gbkApplicationName[...]).text == "深圳政务应用")
  }

  @Test(arguments: [GMCardBehaviour.aLM, .bLE])
  func aKeyWithNamesInGBKIsReadAndUsed(_ behaviour: GMCardBehaviour) throws {
    let (token, snapshot) = try key(behaviour)
    #expect(snapshot.device.label.value?.text == "示例智能密码钥匙" && snapshot.device.issuer.value?.text == "示例签发")
    let application = try #require(snapshot.applications.value?.first)
    let container = try #require(application.containers.value?.first)
    #expect(application.name.text == "深圳政务应用" && container.name.text == "签名与加密")
    #expect(application.name.bytes == GMSample.gbkApplicationName)

    var reference = PINReference(
      application: application.name, role: .user, keySerial: snapshot.device.serial.value)
    #expect(try token.pinStatus(reference).triesLeft == 10)
    let old = try pin("123456")
    let new = try pin("918273")
    #expect(token.changePIN(reference, from: old, to: new, consent: .normal) == .changed)
    let certificate = try #require(container.entries.first?.certificate.value)
    let signing = SigningKey(
      application: application.name, container: container.name, certificate: certificate,
      keySerial: reference.keySerial)
    guard case .signed(let signature) = token.sign([1, 2, 3], with: signing, pin: new, consent: .normal) else {
      Issue.record("not signed")
      return
    }
    try certificate.verify(signature, of: [1, 2, 3])

    reference.role = .admin
    let challenge = try token.unlockChallenge(reference)
    #expect(challenge.application == "深圳政务应用")
    let payload = try UnlockProtector(admin: try pin("12345678")).payload(for: challenge, new: try pin("24681357"))
    #expect(token.applyUnlock(payload, to: challenge, reference, consent: .normal) == .unblocked)
    let admin = try pin("12345678")
    #expect(token.unblockPIN(reference, admin: admin, new: old, consent: .normal) == .unblocked)
  }

  /// What is shown is not what selects: the same text in another coding is another application.
  @Test func theTextDoesNotSelect() throws {
    let (token, _) = try key(.aLM)
    #expect(throws: Failure.self) { try token.pinStatus(PINReference(application: "深圳政务应用", role: .user)) }
  }
}
