import CertificateKit
import LoginToken
import SoftToken
import Testing

@Suite struct PlainSignatureTests {
  private func name(_ signature: PlainSignature, _ content: [UInt8]) -> String? {
    do throws(LoginRefusal) {
      _ = try signature.verify(content: content)
      return nil
    } catch {
      return error.name
    }
  }

  @Test(arguments: TestKeyKind.allCases)
  func verifiesBareSignatures(_ kind: TestKeyKind) throws {
    let site = try Site(kind)
    let text = Array("challenge 1".utf8)
    let der = try site.key.sign(text)
    #expect(name(.bare(der, certificate: site.holder.der, digest: nil), text) == nil)
    #expect(name(.bare(der, certificate: site.holder.der, digest: nil), text + [0]) == "signature-wrong")
    #expect(name(.bare([], certificate: site.holder.der, digest: nil), text) == "signature-wrong")
    #expect(name(.bare(der, certificate: [1], digest: nil), text) == "certificate-malformed")
    guard kind != .rsa2048 else { return }
    let raw = try Self.raw(der, size: kind == .p384 ? 48 : 32)
    #expect(name(.bare(raw, certificate: site.holder.der, digest: nil), text) == nil)
    #expect(name(.bare(Array(raw.reversed()), certificate: site.holder.der, digest: nil), text) == "signature-wrong")
  }

  @Test(arguments: TestKeyKind.allCases, [true, false])
  func verifiesSignedData(_ kind: TestKeyKind, _ isDetached: Bool) throws {
    let site = try Site(kind)
    let text = Array("challenge 2".utf8)
    for hasAttributes in [true, false] {
      for dialect in [SignedData.Dialect.cms, .gm] {
        let builder = try SignedDataBuilder(
          text, signer: site.holder,
          form: .init(dialect: dialect, hasAttributes: hasAttributes, isDetached: isDetached))
        let message = try builder.finish(try site.key.sign(builder.input))
        #expect(name(.signedData(message), text) == nil)
        #expect(name(.signedData(message), text + [1]) == (isDetached ? "signature-wrong" : "content-differs"))
        var broken = message
        broken[broken.count - 5] ^= 1
        #expect(name(.signedData(broken), text) == "signature-wrong")
      }
    }
  }

  @Test func takesSHA1OnlyWhenToldTo() throws {
    var site = try Site(.rsa2048)
    for takes in [false, true] {
      site.policy.takesSHA1 = takes
      let challenge = try site.challenge()
      let signature = PlainSignature.bare(
        try site.key.sign(Array(challenge.nonce.text.utf8), digest: "SHA1"), certificate: site.holder.der, digest: .sha1
      )
      let used = site
      #expect(
        used.refusal { () throws(LoginRefusal) in
          try used.verifier.verify(signature, nonce: challenge.nonce, origin: used.origin, now: Site.now)
        } == (takes ? nil : "algorithm"))
    }
  }

  @Test func acceptsTheChallengeOfAnOldPage() throws {
    let site = try Site(.sm2)
    let challenge = try site.challenge()
    let builder = try SignedDataBuilder(
      Array(challenge.nonce.text.utf8), signer: site.holder, form: .init(for: .sm2, isDetached: false))
    let message = PlainSignature.signedData(try builder.finish(try site.key.sign(builder.input)))
    let identity = try site.verifier.verify(message, nonce: challenge.nonce, origin: site.origin, now: Site.now)
    #expect(identity.uscc?.code == Site.code)
  }

  /// Any bytes give a verdict and nothing else.
  @Test func fuzzedSignedDataIsOnlyRefused() throws {
    let site = try Site(.sm2)
    let text = Array("x".utf8)
    let builder = try SignedDataBuilder(
      text, signer: site.holder, form: .init(dialect: .gm, hasAttributes: true, isDetached: false))
    let message = try builder.finish(try site.key.sign(builder.input))
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var bytes = message
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      _ = name(.signedData(bytes), text)
    }
    for length in 0..<message.count { #expect(name(.signedData(Array(message.prefix(length))), text) != nil) }
    #expect(name(.signedData(message + [0]), text) == "malformed")
  }

  /// r ‖ s out of DER, by the shortest way.
  static func raw(_ der: [UInt8], size: Int) throws -> [UInt8] {
    var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
    var raw: [UInt8] = []
    for _ in 0..<2 {
      let count = Int(rest[rest.startIndex + 1])
      let value = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
      raw += [UInt8](repeating: 0, count: size - value.count) + value
      rest = rest.dropFirst(2 + count)
    }
    return raw
  }
}
