internal import CertificateKit
internal import Failures

/// Decides whether what a page sent is a login. Looks at the challenge first and uses it up, then at the signature, then
/// at the certificate.
package struct LoginVerifier: Sendable {
  private let challenges: Challenges
  private let policy: LoginPolicy

  package init(challenges: Challenges, policy: LoginPolicy) {
    self.challenges = challenges
    self.policy = policy
  }

  /// - Parameters:
  ///   - nonce: the one that this server gave to the session from which the token comes; never one out of the request.
  ///   - origin: of the site that asks.
  ///   - now: seconds since 1970-01-01 UTC.
  package func verify(
    _ token: LoginToken, nonce: Nonce, origin: WebOrigin, now: Int64
  ) throws(LoginRefusal) -> LoginIdentity {
    let challenge = try redeem(nonce, origin, now)
    let message = try LoginToken.signedBytes(
      origin: challenge.origin, nonce: challenge.nonce, certificate: token.certificate)
    let opened = try policy.open(token.certificate)
    try Self.check(token.signature, of: message, by: opened)
    return try policy.admit(opened, now: now)
  }

  /// A signature as pages of old make it: over the challenge alone. It names no site, so that a site in between can use
  /// what it is given; for pages that cannot be changed.
  package func verify(
    _ signature: PlainSignature, nonce: Nonce, origin: WebOrigin, now: Int64
  ) throws(LoginRefusal) -> LoginIdentity {
    let challenge = try redeem(nonce, origin, now)
    let verified = try signature.verify(content: Array(challenge.nonce.text.utf8))
    guard policy.takesSHA1 || verified.digest != .sha1 else { throw .algorithm }
    return try policy.admit(verified.signer, links: verified.links, now: now)
  }

  private func redeem(_ nonce: Nonce, _ origin: WebOrigin, _ now: Int64) throws(LoginRefusal) -> Challenge {
    let challenge = try challenges.redeem(nonce, now: now)
    guard challenge.origin == origin else { throw .originDiffers }
    return challenge
  }

  private static func check(
    _ signature: [UInt8], of message: [UInt8], by certificate: OpenedCertificate
  ) throws(LoginRefusal) {
    do throws(Failure) {
      try certificate.verify(signature, of: message)
    } catch {
      throw error.code == .signatureInvalid ? .signatureWrong : .certificateMalformed
    }
  }
}
