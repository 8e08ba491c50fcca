import CertificateKit
import SoftToken
import Testing

@testable import TokenKit

/// Certificate and private key compared by the public key, which the key tells without a PIN.
@Suite struct KeyFitsTests {
  private func entries(_ card: any SoftCard, keys: Bool = true) throws -> [ContainerSnapshot.Entry] {
    let token = CardToken(source: TokenSource(provider: "test", reader: "R"), link: InProcessLink(card))
    let snapshot = try token.read(ReadOptions(keys: keys), progress: { _ in })
    return snapshot.places.map(\.entry)
  }

  @Test(arguments: ["A-lm", "B-le"])
  func aCardOfGMT0017Tells(_ profile: String) throws {
    let behaviour = try #require(GMCardBehaviour.named(profile))
    func told(_ sample: GMSample) throws -> [KeyFit] {
      try entries(try GMCard.demo(sample, behaviour: behaviour)).map(\.key)
    }
    #expect(try told(.containers(1)) == [.fits, .fits])
    #expect(try told(.otherKey) == [.other, .fits])
    #expect(try told(.keyGone) == [.absent, .fits])
    #expect(try told(.signatureOnly).first == .fits)
    // RSA keys too.
    #expect(try told(.demo).allSatisfy { $0 == .fits || $0 == .notTold })
  }

  @Test func aPIVCardTellsWhereItHasTheCommand() throws {
    for (text, fits) in [("metadata=yes", KeyFit.fits), ("metadata=no", .notTold)] {
      let settings = try #require(PIVCardSettings(text: text))
      let found = try entries(try PIVCard.demo(settings: settings, now: 1_795_000_000))
      #expect(!found.isEmpty && found.allSatisfy { $0.key == fits })
    }
  }

  @Test func nobodyIsAskedUnasked() throws {
    #expect(try entries(try GMCard.demo(.containers(1)), keys: false).allSatisfy { $0.key == .notTold })
  }

  /// In the structures of SKF libraries as they differ, and in the other order of bytes.
  @Test func aKeyIsKnownInEveryForm() throws {
    let certificates = try entries(try GMCard.demo(.containers(1))).compactMap(\.certificate.value)
    let certificate = try #require(certificates.first)
    // subjectPublicKey: a bit string of 66 bytes, an uncompressed point.
    let start = try #require(
      certificate.der.indices.dropLast(67).first { certificate.der[$0...].starts(with: [3, 66, 0, 4]) })
    let x = Array(certificate.der[start + 4..<start + 36])
    let y = Array(certificate.der[start + 36..<start + 68])
    let room = [UInt8](repeating: 0, count: 32)
    for told in [
      [0, 1, 0, 0] + room + x + room + y, [0, 1, 0, 0, 0, 0, 0, 0] + x + room + y + room, x.reversed() + y.reversed(),
    ] {
      #expect(certificate.holdsKey(told) == true)
    }
    #expect(certificate.holdsKey([0, 1, 0, 0] + y.map { $0 ^ 1 } + x) == false)
    // Neither nothing nor next to nothing is another key.
    #expect(certificate.holdsKey([]) == nil && certificate.holdsKey(x) == nil)
    #expect(certificate.holdsKey([UInt8](repeating: 0, count: 132)) == nil)
  }
}
