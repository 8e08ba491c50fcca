import CertificateKit
import Failures
import Testing

@testable import TokenKit

/// An invented certificate; `number` tells it from others.
func sample(
  _ number: UInt8, usage: KeyUsage? = [.digitalSignature, .nonRepudiation], isAuthority: Bool = false
) -> Certificate {
  let name = DistinguishedName(attributes: [.init(oid: "2.5.4.3", shortName: "CN", value: "示例 \(number)")])
  return Certificate(
    der: [0x30, 0x03, 0x02, 0x01, number], subject: name, issuer: name, serial: [number],
    validity: Validity(notBefore: 0, notAfter: 1_000_000), publicKey: .sm2, signatureAlgorithm: "SM3withSM2",
    keyUsage: isAuthority ? [.keyCertSign, .crlSign] : usage, isAuthority: isAuthority)
}

@Suite("The certificate that is meant")
struct CertificatePlaceTests {
  private func key(_ containers: [ContainerSnapshot]...) -> TokenSnapshot {
    TokenSnapshot(
      source: TokenSource(provider: "pcsc", reader: "R"), family: .pkcs11, atr: [],
      device: DeviceInfo(serial: .value("0042")), profile: "P",
      applications: .value(
        containers.enumerated().map { number, containers in
          ApplicationSnapshot(
            name: TokenName("APP\(number)"), userPIN: .absent, adminPIN: .absent, containers: .value(containers))
        }))
  }

  private func container(
    _ name: TokenName, _ role: ContainerSnapshot.Role, _ certificate: Reading<Certificate>,
    kind: Reading<ContainerSnapshot.Kind> = .value(.sm2)
  ) -> ContainerSnapshot {
    ContainerSnapshot(name: name, kind: kind, entries: [.init(role: role, certificate: certificate)])
  }

  @Test("a CA's certificate that stands first, whatever the driver calls it, is not the one that logs in")
  func authorityFirst() throws {
    for role in [ContainerSnapshot.Role.authority, .signature] {
      let snapshot = key([
        container("01", role, .value(sample(1, isAuthority: true))), container("02", .signature, .value(sample(2))),
      ])
      #expect(snapshot.mainCertificate?.container.name == "02")
      let login = try #require(snapshot.loginCertificate())
      #expect(login.container.name == "02")
      #expect(login.signingKey?.keySerial == "0042")
    }
  }

  @Test("a key with nothing but a CA's certificate shows it, and logs in with nothing")
  func authorityAlone() {
    let snapshot = key([container("01", .authority, .value(sample(1, isAuthority: true)))])
    #expect(snapshot.mainCertificate?.container.name == "01")
    #expect(snapshot.loginCertificate() == nil)
  }

  @Test("one that may sign goes before one that may not; when none may, the first is taken and judged")
  func usage() {
    let not = container("01", .signature, .value(sample(1, usage: [.keyEncipherment])))
    let may = container("02", .signature, .value(sample(2)))
    #expect(key([not, may]).loginCertificate()?.container.name == "02")
    #expect(key([not]).loginCertificate()?.container.name == "01")
    let unsaid = container("03", .signature, .value(sample(3, usage: nil)))
    #expect(key([not, unsaid]).loginCertificate()?.container.name == "03")
  }

  @Test("one whose container is said to hold no key goes behind one with its key")
  func withoutKey() {
    let bare = container("01", .signature, .value(sample(1)), kind: .value(.empty))
    #expect(key([bare, container("02", .signature, .value(sample(2)))]).mainCertificate?.container.name == "02")
    #expect(key([bare]).mainCertificate?.container.name == "01")
  }

  @Test("PIV: 9C before 9A, 9A before what does not log in")
  func slots() {
    let authentication = container("9A", .authentication, .value(sample(1)))
    let card = container("9E", .cardAuthentication, .value(sample(2)))
    let signature = container("9C", .signature, .value(sample(3)))
    #expect(key([authentication, card, signature]).mainCertificate?.container.name == "9C")
    #expect(key([card, authentication]).loginCertificate()?.container.name == "9A")
    #expect(key([card]).loginCertificate() == nil)
  }

  @Test("what was read goes before what was not")
  func unread() {
    let broken = container("01", .signature, .failed(Failure(.certificateMalformed)))
    let encryption = container("02", .encryption, .value(sample(2, usage: [.keyEncipherment])))
    #expect(key([broken, encryption]).mainCertificate?.container.name == "02")
    #expect(key([broken]).mainCertificate?.container.name == "01")
    #expect(key([]).mainCertificate == nil)
  }

  @Test("two that nothing tells apart are both meant")
  func several() {
    let two = key([container("01", .signature, .value(sample(1))), container("02", .signature, .value(sample(2)))])
    #expect(two.places.allMeant.map(\.container.name) == ["01", "02"])
  }

  @Test("the application is that of the main certificate, or the named one, byte by byte")
  func application() throws {
    let snapshot = key(
      [container("01", .encryption, .value(sample(1, usage: [.keyEncipherment])))],
      [container("01", .signature, .value(sample(2)))])
    #expect(try snapshot.application(nil).name == "APP1")
    #expect(try snapshot.application("APP0").name == "APP0")
    #expect(throws: Failure.self) { try snapshot.application("app0") }
    #expect(try key([], []).application(nil).name == "APP0")
  }
}
