import CertificateKit
import LoginToken
import SoftToken

/// A site, a CA it trusts and a holder with a key of one kind.
struct Site {
  static let now: Int64 = 1_800_000_000
  static let day: Int64 = 86_400
  static let code = "9144030071526726XG"

  let origin: WebOrigin
  let caKey: TestKey
  let ca: TestCA
  let key: TestKey
  let holder: Certificate
  let store = MemoryChallengeStore()
  var policy: LoginPolicy

  init(
    _ kind: TestKeyKind, usage: TestCertificate.Usage = .signature, from: Int64 = -30, to end: Int64 = 300
  ) throws {
    origin = try require(WebOrigin("https://portal.example"))
    caKey = try TestKey(kind)
    ca = try TestCA.make(kind: kind, privateKey: caKey.pkcs8)
    key = try TestKey(kind)
    let issued = try ca.issue(
      .organization(
        name: "深圳市示例建设工程有限公司", uscc: Self.code, keyKind: kind, usage: usage,
        notBefore: Self.now + from * Self.day, notAfter: Self.now + end * Self.day),
      privateKey: key.pkcs8)
    holder = try Certificate(der: issued.certificate)
    policy = LoginPolicy(trust: TrustDirectory(certificates: [try Certificate(der: ca.certificate)]))
  }

  var verifier: LoginVerifier { LoginVerifier(challenges: Challenges(store), policy: policy) }

  func challenge(at time: Int64 = Site.now, for other: WebOrigin? = nil) throws -> Challenge {
    try Challenges(store).issue(for: other ?? origin, now: time)
  }

  /// What the holder's machine makes of a challenge, in the page's origin.
  func token(_ nonce: Nonce, origin other: WebOrigin? = nil) throws -> LoginToken {
    let message = try LoginToken.signedBytes(origin: other ?? origin, nonce: nonce, certificate: holder)
    return try require(LoginToken(certificate: holder, signature: try key.sign(message)))
  }

  /// The name of the refusal; `nil` when it was accepted.
  func refusal(_ body: () throws(LoginRefusal) -> LoginIdentity) -> String? {
    do throws(LoginRefusal) {
      _ = try body()
      return nil
    } catch {
      return error.name
    }
  }
}
