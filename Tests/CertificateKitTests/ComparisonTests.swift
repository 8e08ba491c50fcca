import Testing

@testable import CertificateKit

@Suite("Two certificates side by side")
struct ComparisonTests {
  private func certificate(_ name: String) throws -> Certificate { try TestAuthority.shared.get().certificate(name) }

  @Test("a certificate beside itself")
  func same() throws {
    let one = try certificate("sm2-sign")
    let comparison = CertificateComparison(one, one)
    #expect(comparison.relation == .same)
    #expect(comparison.differences.isEmpty)
    #expect(comparison.rows.map(\.field) == CertificateComparison.Field.allCases)
    // The key is told by its digest, not by its name.
    #expect(comparison.rows.first { $0.field == .publicKey }?.left != CertificateComparison.Value.none)
  }

  @Test("signature and encryption certificate of one holder are a pair", arguments: ["sm2", "rsa", "p256"])
  func pair(_ family: String) throws {
    let comparison = CertificateComparison(try certificate(family + "-sign"), try certificate(family + "-enc"))
    #expect(comparison.relation == .pair)
    let differing = Set(comparison.differences.map(\.field))
    #expect(differing.isSuperset(of: [.serial, .use]))
    #expect(!differing.contains(.owner) && !differing.contains(.publicKey))
  }

  @Test("a renewal is told from which side it is, and whether it kept the key")
  func renewal() throws {
    let old = try certificate("sm2-sign")
    var new = old
    new.der.append(0)
    new.serial = [0x77]
    new.validity = Validity(notBefore: old.validity.notAfter, notAfter: old.validity.notAfter + 365 * 86_400)
    let forward = CertificateComparison(old, new)
    #expect(forward.relation == .renewal(rightIsNewer: true, keepsKey: true))
    #expect(forward.differences.map(\.field) == [.serial, .notBefore, .notAfter])
    #expect(CertificateComparison(new, old).relation == .renewal(rightIsNewer: false, keepsKey: true))
    let other = try certificate("rsa-sign")
    new.der = other.der
    #expect(CertificateComparison(old, new).relation == .renewal(rightIsNewer: true, keepsKey: false))
    new.der = [0x30]
    #expect(CertificateComparison(old, new).relation == .renewal(rightIsNewer: true, keepsKey: nil))
  }

  @Test("one holder is known by the code before the name")
  func holder() throws {
    let old = try certificate("sm2-sign")
    var renamed = old
    renamed.der.append(0)
    renamed.subject = DistinguishedName(attributes: [.init(oid: "2.5.4.3", shortName: "CN", value: "改名后的公司")])
    renamed.validity.notAfter += 1
    #expect(CertificateComparison(old, renamed).relation == .renewal(rightIsNewer: true, keepsKey: true))
    renamed.uscc?.code = "91350100M0001TGQXM"
    #expect(CertificateComparison(old, renamed).relation == .unrelated)
  }
}
