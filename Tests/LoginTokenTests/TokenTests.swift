import CertificateKit
import LoginToken
import SoftToken
import StrictJSON
import Testing

@Suite struct TokenTests {
  @Test(arguments: TestKeyKind.allCases)
  func acceptsATokenOnce(_ kind: TestKeyKind) throws {
    let site = try Site(kind)
    let challenge = try site.challenge()
    // Through the wire and back.
    let token = try LoginToken(json: Array(try site.token(challenge.nonce).json.line.utf8))
    let identity = try site.verifier.verify(token, nonce: challenge.nonce, origin: site.origin, now: Site.now + 300)
    #expect(identity.owner == "深圳市示例建设工程有限公司")
    #expect(identity.uscc?.code == Site.code)
    #expect(
      site.refusal { () throws(LoginRefusal) in
        try site.verifier.verify(token, nonce: challenge.nonce, origin: site.origin, now: Site.now)
      } == "challenge-unknown")
  }

  @Test func refusesByName() throws {
    let site = try Site(.sm2)
    let other = try require(WebOrigin("https://evil.example"))

    func refusal(
      at time: Int64 = Site.now, nonce: Nonce? = nil, issued: WebOrigin? = nil, signedFor: WebOrigin? = nil,
      asked: WebOrigin? = nil, policy: LoginPolicy? = nil, change: (inout LoginToken) -> Void = { _ in }
    ) throws -> String? {
      let challenge = try site.challenge(for: issued)
      var token = try site.token(nonce ?? challenge.nonce, origin: signedFor)
      change(&token)
      let verifier = LoginVerifier(challenges: Challenges(site.store), policy: policy ?? site.policy)
      return site.refusal { () throws(LoginRefusal) in
        try verifier.verify(token, nonce: challenge.nonce, origin: asked ?? site.origin, now: time)
      }
    }

    #expect(try refusal() == nil)
    #expect(try refusal(at: Site.now + 301) == "challenge-expired")
    #expect(try refusal(at: Site.now - 1) == "challenge-expired")
    // Signed for the site in between, handed on to the site meant.
    #expect(try refusal(signedFor: other) == "signature-wrong")
    #expect(try refusal(issued: other, signedFor: other) == "origin-differs")
    #expect(try refusal(asked: other) == "origin-differs")
    #expect(try refusal(nonce: try require(Nonce.random())) == "signature-wrong")
    #expect(try refusal { $0.signature[10] ^= 1 } == "signature-wrong")
    #expect(try refusal { $0.signature = [] } == "signature-wrong")
    #expect(try refusal(policy: LoginPolicy(trust: TrustDirectory(certificates: []))) == "untrusted")
    var wantsList = site.policy
    wantsList.needsRevocationList = true
    #expect(try refusal(policy: wantsList) == "revocation-list-missing")
  }

  @Test func refusesCertificatesByName() throws {
    func refusal(_ site: Site) throws -> String? {
      let challenge = try site.challenge()
      let token = try site.token(challenge.nonce)
      return site.refusal { () throws(LoginRefusal) in
        try site.verifier.verify(token, nonce: challenge.nonce, origin: site.origin, now: Site.now)
      }
    }
    #expect(try refusal(Site(.p256, usage: .encryption)) == "key-usage")
    #expect(try refusal(Site(.p256, usage: .custom("critical,keyCertSign"))) == "key-usage")
    #expect(try refusal(Site(.p256, from: 1)) == "certificate-not-yet-valid")
    #expect(try refusal(Site(.p256, to: -1)) == "certificate-expired")
    var stranger = try Site(.p256)
    stranger.policy.trust = try Site(.p256).policy.trust
    #expect(try refusal(stranger) == "untrusted")
  }

  /// The same key in another certificate is another login.
  @Test func bindsTheCertificate() throws {
    let site = try Site(.rsa2048)
    let twin = try Certificate(
      der: site.ca.issue(
        .organization(
          name: "另一家公司", uscc: "91440300MA5EXAMPL0", keyKind: .rsa2048, notBefore: Site.now - 10,
          notAfter: Site.now + 1000),
        privateKey: site.key.pkcs8
      ).certificate)
    let challenge = try site.challenge()
    var token = try site.token(challenge.nonce)
    token.certificate = twin
    let changed = token
    #expect(
      site.refusal { () throws(LoginRefusal) in
        try site.verifier.verify(changed, nonce: challenge.nonce, origin: site.origin, now: Site.now)
      } == "signature-wrong")
  }

  @Test func readsOnlyItsOwnForm() throws {
    let site = try Site(.p256)
    let good = try site.token(try require(Nonce.random())).json
    guard case .object(let members) = good else {
      Issue.record("no object")
      return
    }
    func refusal(_ key: String, _ value: JSONValue?) -> String? {
      let changed = members.map { ($0.0, $0.0 == key ? value : $0.1) }
      do throws(LoginRefusal) {
        _ = try LoginToken(.object(changed))
        return nil
      } catch {
        return error.name
      }
    }
    let certificate = Base64.encode(site.holder.der)
    #expect(refusal("", nil) == nil)
    #expect(refusal("format", "ukey:2") == "unknown-format")
    #expect(refusal("format", nil) == "malformed")
    #expect(refusal("algorithm", "RSA-SHA256") == "algorithm")
    #expect(refusal("algorithm", "none") == "algorithm")
    #expect(refusal("certificate", "AAAA") == "certificate-malformed")
    #expect(refusal("certificate", .string(certificate + "\n")) == "malformed")
    // Padding behind the certificate would change its fingerprint.
    #expect(refusal("certificate", .string(Base64.encode(site.holder.der + [0]))) == "certificate-malformed")
    #expect(refusal("signature", .int(1)) == "malformed")
    #expect(throws: LoginRefusal.self) { try LoginToken(json: Array(#"{"format":"ukey:1","format":"ukey:1"}"#.utf8)) }
    #expect(throws: LoginRefusal.self) { try LoginToken(json: [UInt8](repeating: 0x20, count: LoginToken.limit + 1)) }
  }

  @Test func writesWhatTheDocumentSays() throws {
    let site = try Site(.p256)
    let nonce = try require(Nonce(Base64.encode([UInt8](0..<32))))
    let message = try LoginToken.signedBytes(origin: site.origin, nonce: nonce, certificate: site.holder)
    let lines = String(decoding: message, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.dropLast(2) == [
        "ukey:1 login", "origin https://portal.example", "nonce AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      ])
    #expect(lines[3].wholeMatch(of: /certificate [0-9a-f]{64}/) != nil)
    #expect(lines.last == "")
  }
}
