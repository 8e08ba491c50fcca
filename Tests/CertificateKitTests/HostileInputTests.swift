import COpenSSL
import CertificateKit
import Failures
import Foundation
import Testing

@Suite struct HostileInputTests {
  private func failure(_ der: [UInt8]) -> Failure? {
    do {
      _ = try Certificate(der: der)
      return nil
    } catch {
      return error
    }
  }

  @Test func ignoresPadding() throws {
    let der = CertificateBuilder().der
    let plain = try Certificate(der: der)
    for padding in [[UInt8](repeating: 0, count: 500), [UInt8](repeating: 0xFF, count: 500), [0x30, 0x82], der] {
      #expect(try Certificate(der: der + padding) == plain)
    }
    #expect(plain.der == der)
  }

  @Test func refusesEveryTruncation() throws {
    let der = CertificateBuilder().der
    for length in 0..<der.count {
      let failure = failure(Array(der.prefix(length)))
      #expect(failure?.code == .certificateMalformed, "\(length)")
      guard length > 0, case .openssl = failure?.number else {
        #expect(length == 0)
        continue
      }
    }
    #expect(ERR_peek_error() == 0)
  }

  @Test func survivesTruncatedRealCertificate() throws {
    let der = try TestAuthority.shared.get().der("sm2-sign")
    for length in 0..<der.count { #expect(failure(Array(der.prefix(length)))?.code == .certificateMalformed) }
  }

  @Test func survivesFlippedBits() throws {
    let authority = try TestAuthority.shared.get()
    let trust = TrustDirectory(certificates: [
      try authority.certificate("sm2-root"), try authority.certificate("sm2-ca"),
    ])
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      // xorshift64
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var parsed = 0
    for (name, rounds) in [("sm2-sign", 1500), ("rsa-enc", 1000)] {
      let original = try authority.der(name)
      for round in 0..<rounds {
        var der = original
        for _ in 0...random(3) { der[random(der.count)] ^= 1 << UInt8(random(8)) }
        guard let certificate = try? Certificate(der: der) else { continue }
        parsed += 1
        _ = (certificate.subject.text, certificate.uscc, displaySafe(certificate.owner))
        if round % 16 == 0 {
          _ = try? certificate.text()
          if der != original { #expect(!trust.verify(certificate, at: 1_800_000_000).isTrusted) }
        }
      }
    }
    #expect(parsed > 100)
    #expect(ERR_peek_error() == 0)
  }

  @Test func refusesMoreThan64KiB() throws {
    let der = CertificateBuilder().der
    let padding = [UInt8](repeating: 0, count: 65_536 - der.count)
    #expect(failure(der + padding) == nil)
    #expect(failure(der + padding + [0])?.code == .certificateTooLarge)
    #expect(failure([UInt8](repeating: 0x30, count: 65_536))?.code == .certificateMalformed)
  }

  @Test func capsAThousandAttributes() throws {
    var builder = CertificateBuilder()
    builder.subject = (0..<1000).map { ("2.5.4.11", DER.utf8("部门 \($0)")) }
    let subject = try Certificate(der: builder.der).subject
    #expect(subject.attributes.count == DistinguishedName.attributeLimit)
    #expect(subject.omittedCount == 936)
    #expect(subject.text.hasSuffix("… (+936)"))
  }

  @Test func survivesExtensionsOfJunk() throws {
    var builder = CertificateBuilder()
    builder.extensions = [
      ("2.5.29.15", [0x03, 0x7F]), ("2.5.29.37", [0x30, 0x02, 0x06, 0x00]),
      ("1.2.156.10260.4.1.4", (0..<2000).flatMap { _ in [UInt8(0x30), 0x80] }),
      ("1.2.86.11.7.4", [UInt8](repeating: 0xA0, count: 4000)),
      ("2.16.156.112548", [0x0C, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]),
    ]
    let certificate = try Certificate(der: builder.der)
    #expect(certificate.keyUsage == nil)
    #expect(certificate.extendedKeyUsage.isEmpty)
    #expect(certificate.uscc == nil)
  }

  @Test func isFast() throws {
    // A guard against a mistake by orders of magnitude, not a benchmark.
    let der = try TestAuthority.shared.get().der("sm2-sign")
    _ = try Certificate(der: der)
    let clock = ContinuousClock()
    let time = try clock.measure { for _ in 0..<100 { _ = try Certificate(der: der) } }
    print("100 parses: \(time)")
    #expect(time < .seconds(10))
  }
}
