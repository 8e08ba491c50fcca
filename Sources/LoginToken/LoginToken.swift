internal import Base
package import CertificateKit
internal import Failures
package import StrictJSON

/// A login token `ukey:1`: proof that the holder of a certificate logs in at one site, now. Format: Docs/login-token.md.
package struct LoginToken: Sendable, Equatable {
  package static let format = "ukey:1"
  /// Largest token read, in bytes of JSON.
  package static let limit = 32_768

  package enum Algorithm: String, Sendable, CaseIterable {
    case sm2 = "SM2-SM3"
    case rsa = "RSA-SHA256"
    case p256 = "ECDSA-SHA256"
    case p384 = "ECDSA-SHA384"

    /// `nil` for a key that no token is made with.
    package init?(_ key: PublicKey) {
      switch key {
      case .sm2: self = .sm2
      case .rsa(let bits) where bits >= 2048: self = .rsa
      case .ec("prime256v1", _): self = .p256
      case .ec("secp384r1", _): self = .p384
      case .rsa, .ec, .other: return nil
      }
    }
  }

  package var algorithm: Algorithm
  package var certificate: Certificate
  /// As X.509 writes it: DER of r and s for SM2 and ECDSA, PKCS#1 v1.5 for RSA.
  package var signature: [UInt8]

  /// `nil` when no token is made with this kind of key.
  package init?(certificate: Certificate, signature: [UInt8]) {
    guard let algorithm = Algorithm(certificate.publicKey) else { return nil }
    self.algorithm = algorithm
    self.certificate = certificate
    self.signature = signature
  }

  /// The bytes that are signed: what it is, for whom, in answer to what, by whom.
  package static func signedBytes(
    origin: WebOrigin, nonce: Nonce, certificate: Certificate
  ) throws(LoginRefusal) -> [UInt8] {
    let fingerprint: [UInt8]
    do throws(Failure) { fingerprint = try certificate.fingerprint(.sha256) } catch { throw .certificateMalformed }
    let lines = [
      heading, "origin " + origin.description, "nonce " + nonce.text,
      "certificate " + lowerHexText(fingerprint), "",
    ]
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// First line of what is signed. Nothing else that begins so is signed for a page.
  package static let heading = "ukey:1 login"

  package var json: JSONValue {
    .object([
      ("format", .string(Self.format)), ("algorithm", .string(algorithm.rawValue)),
      ("certificate", .string(Base64.encode(certificate.der))), ("signature", .string(Base64.encode(signature))),
    ])
  }

  /// Reads a token. Members that are not known are passed over, so that later versions of a page's script may add some.
  ///
  /// - Parameter policy: knows certificates that have come before.
  package init(json bytes: [UInt8], policy: LoginPolicy? = nil) throws(LoginRefusal) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes, limits: JSONLimits(size: Self.limit, depth: 4))
    } catch {
      throw .malformed(detail: error.description)
    }
    try self.init(value, policy: policy)
  }

  package init(_ value: JSONValue, policy: LoginPolicy? = nil) throws(LoginRefusal) {
    guard let format = value["format"]?.stringValue else { throw .malformed(detail: "format") }
    guard format == Self.format else { throw .unknownFormat }
    guard let encoded = value["certificate"]?.stringValue, let der = Self.bytes(encoded) else {
      throw .malformed(detail: "certificate")
    }
    guard let name = value["algorithm"]?.stringValue, let text = value["signature"]?.stringValue,
      let signature = Self.bytes(text), signature.count <= 1024
    else { throw .malformed(detail: "signature") }
    if let known = policy?.memory.certificate(der) {
      certificate = known
    } else {
      do throws(Failure) { certificate = try Certificate(der: der) } catch { throw .certificateMalformed }
    }
    // Nothing hides behind the certificate: its fingerprint is that of what was sent.
    guard certificate.der == der else { throw .certificateMalformed }
    guard let algorithm = Algorithm(rawValue: name), algorithm == Algorithm(certificate.publicKey) else {
      throw .algorithm
    }
    self.algorithm = algorithm
    self.signature = signature
  }

  /// Base64 in its one right form.
  private static func bytes(_ text: String) -> [UInt8]? {
    guard let bytes = Base64.decode(text.utf8), Base64.encode(bytes) == text else { return nil }
    return bytes
  }
}
