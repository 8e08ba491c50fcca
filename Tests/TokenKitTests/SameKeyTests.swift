import CertificateKit
import Testing

@testable import TokenKit

@Suite("One key seen in several ways")
struct SameKeyTests {
  private func snapshot(
    _ provider: String, _ family: TokenFamily, serial: TokenName?, holding certificates: [Certificate] = []
  ) -> TokenSnapshot {
    let entries = certificates.map {
      ContainerSnapshot.Entry(role: $0.isAuthority ? .authority : .signature, certificate: .value($0))
    }
    return TokenSnapshot(
      source: TokenSource(provider: provider, reader: "R"), family: family, atr: [],
      device: DeviceInfo(serial: serial.map { .value($0) } ?? .absent), profile: "P",
      applications: .value([
        ApplicationSnapshot(
          name: "A", userPIN: .absent, adminPIN: .absent,
          containers: .value([ContainerSnapshot(name: "1", kind: .notOffered, entries: entries)]))
      ]))
  }

  private func keys(_ snapshots: TokenSnapshot...) -> [TokenSnapshot] {
    SameKey.keys(snapshots) { $0 }.compactMap(\.snapshot)
  }

  @Test func serialsMatchWhateverTheirWriting() {
    let card = snapshot("pcsc", .gmt0017, serial: "e3000-00 412")
    let library = snapshot("skf:/l", .skf, serial: "E300000412")
    for both in [keys(card, library), keys(library, card)] {
      #expect(both.map(\.source) == [card.source])
      #expect(both.first?.alsoSeen == [library.source])
    }
  }

  @Test func emptyAndShortSerialsMatchNothing() {
    #expect(keys(snapshot("pcsc", .piv, serial: "000000"), snapshot("skf:/l", .skf, serial: "0000")).count == 2)
    #expect(keys(snapshot("pcsc", .piv, serial: nil), snapshot("skf:/l", .skf, serial: nil)).count == 2)
    #expect(keys(snapshot("pcsc", .piv, serial: "12345"), snapshot("pcsc", .piv, serial: "12345")).count == 2)
  }

  @Test("the certificate of an authority, which all its customers hold, joins nothing")
  func authority() {
    let authority = sample(1, isAuthority: true)
    let one = snapshot("pkcs11:/a", .pkcs11, serial: nil, holding: [sample(2), authority])
    let other = snapshot("pkcs11:/b", .pkcs11, serial: nil, holding: [sample(3), authority])
    #expect(keys(one, other).count == 2)
    // As a driver that knows no roles names it.
    var plain = snapshot("pcsc", .piv, serial: nil, holding: [authority])
    plain.applications = .value([
      ApplicationSnapshot(
        name: "PIV", userPIN: .absent, adminPIN: .absent,
        containers: .value([
          ContainerSnapshot(
            name: "9C", kind: .notOffered, entries: [.init(role: .signature, certificate: .value(authority))])
        ]))
    ])
    #expect(keys(plain, snapshot("pkcs11:/b", .pkcs11, serial: nil, holding: [authority])).count == 2)
  }

  @Test("a certificate copied to a second key does not make them one: their serials differ")
  func copied() {
    let copy = sample(2)
    let one = snapshot("pkcs11:/a", .pkcs11, serial: "0123456789", holding: [copy])
    let other = snapshot("pkcs11:/b", .pkcs11, serial: "9876543210", holding: [copy])
    #expect(keys(one, other).count == 2)
    // Where the two ways call different things a serial, the certificate decides.
    #expect(keys(one, snapshot("pcsc", .piv, serial: "55AA55AA", holding: [copy])).count == 1)
  }

  @Test("equal serials do not make one of two keys that sign for different people")
  func differentPeople() {
    let one = snapshot("pkcs11:/a", .pkcs11, serial: "1234", holding: [sample(2)])
    #expect(keys(one, snapshot("pkcs11:/b", .pkcs11, serial: "1234", holding: [sample(3)])).count == 2)
  }

  @Test("a third way belongs to a key only when nothing of its other ways speaks against it")
  func third() {
    let copy = sample(2)
    let one = snapshot("pkcs11:/a", .pkcs11, serial: "0123456789", holding: [copy])
    let card = snapshot("pcsc", .piv, serial: nil, holding: [copy])
    let other = snapshot("pkcs11:/b", .pkcs11, serial: "9876543210", holding: [copy])
    let found = keys(one, card, other)
    #expect(found.map(\.source) == [card.source, other.source])
    #expect(found.first?.alsoSeen == [one.source])
  }

  @Test("a way that reads nothing stands for itself, in its place")
  func unread() {
    let card = snapshot("pcsc", .gmt0017, serial: "E300000412")
    let found = SameKey.keys([nil, card, nil]) { $0 }
    #expect(found.map { $0.snapshot?.source } == [nil, card.source, nil])
  }

  @Test func theBestOfTheOtherWaysComesForward() {
    let ways = KeyWays(providers: ["pcsc", "pkcs11:/m", "skf:/l"])
    let card = snapshot("pcsc", .gmt0017, serial: "E300000412")
    let module = snapshot("pkcs11:/m", .pkcs11, serial: "E300000412")
    let library = snapshot("skf:/l", .skf, serial: "E300000412")
    for key in [card, module, library] { _ = ways.arrived(key) }
    // SKF tells the tries, PKCS#11 does not.
    #expect(ways.left(card.source).first == .readerAdded(library.source))
    #expect(ways.isHidden(module.source))
  }

  @Test func theOtherWayComesForwardWhenTheShownOneGoes() {
    let ways = KeyWays(providers: ["pcsc", "skf:/l"])
    let card = snapshot("pcsc", .gmt0017, serial: "E300000412")
    let library = snapshot("skf:/l", .skf, serial: "E300000412")
    #expect(ways.arrived(library).count == 1)
    var shown = card
    shown.alsoSeen = [library.source]
    #expect(
      ways.arrived(card) == [.sameKey(library.source, shown: card.source), .read(card.source, shown)])
    #expect(ways.isHidden(library.source))
    #expect(
      ways.left(card.source) == [
        .readerAdded(library.source), .inserted(library.source, atr: []), .read(library.source, library),
      ])
    #expect(!ways.isHidden(library.source))
  }
}
