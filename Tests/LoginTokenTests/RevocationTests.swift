import CertificateKit
import Failures
import LoginToken
import SoftToken
import Testing

@Suite struct RevocationTests {
  private func refusal(_ site: Site) -> String? {
    site.refusal { () throws(LoginRefusal) in try site.policy.admit(site.holder, now: Site.now) }
  }

  @Test(arguments: TestKeyKind.allCases)
  func asksTheListOfTheIssuer(_ kind: TestKeyKind) throws {
    var site = try Site(kind)
    site.policy.needsRevocationList = true
    #expect(refusal(site) == "revocation-list-missing")
    try site.policy.addRevocationList(RevocationListMaker.make(site, revoked: [[1, 2, 3]]))
    #expect(refusal(site) == nil)
    let list = try RevocationListMaker.make(site, revoked: [[1], site.holder.issuerAndSerial().serial])
    let pem = PEM.encode(list, label: "X509 CRL")
    try site.policy.addRevocationList(Array(pem.utf8))
    #expect(refusal(site) == "revoked")
  }

  @Test func doesNotBelieveAnOldList() throws {
    var site = try Site(.p256)
    try site.policy.addRevocationList(RevocationListMaker.make(site, revoked: [], next: "260201000000Z"))
    #expect(refusal(site) == nil)
    site.policy.needsRevocationList = true
    #expect(refusal(site) == "revocation-list-expired")
  }

  @Test func takesNoListThatTheCADidNotSign() throws {
    var site = try Site(.p256)
    let good = try RevocationListMaker.make(site, revoked: [])
    var forged = good
    forged[forged.count - 4] ^= 1
    #expect(throws: Failure.self) { try site.policy.addRevocationList(forged) }
    let stranger = try Site(.p256)
    // Same names, another key.
    #expect(throws: Failure.self) {
      try site.policy.addRevocationList(RevocationListMaker.make(stranger, revoked: []))
    }
    // issuingDistributionPoint, critical: a part of the list only.
    let partition = RevocationListMaker.element(
      0xA0,
      RevocationListMaker.element(
        0x30,
        RevocationListMaker.element(
          0x30, [0x06, 0x03, 0x55, 0x1D, 0x1C, 0x01, 0x01, 0xFF, 0x04, 0x05, 0x30, 0x03, 0x81, 0x01, 0xFF])))
    #expect(throws: Failure.self) {
      try site.policy.addRevocationList(RevocationListMaker.make(site, revoked: [], extensions: partition))
    }
    for length in 0..<good.count {
      #expect(throws: Failure.self) { try site.policy.addRevocationList(Array(good.prefix(length))) }
    }
    #expect(site.policy.revocation.isEmpty)
  }
}
