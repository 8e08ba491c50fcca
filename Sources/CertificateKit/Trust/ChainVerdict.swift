/// What became of the question "does a configured CA stand behind this certificate?", with the reason.
///
/// Names are display names of subjects, not escaped. Revocation is not asked: that needs the CA's network.
package enum ChainVerdict: Sendable, Equatable {
  /// From the certificate up to the root found in the trust directory.
  case trusted(path: [String])
  /// No CA certificate is configured, so there is nothing to check against.
  case noTrustAnchors
  /// The chain ends below a root: the certificate of `missingIssuer` is not in the trust directory.
  case incomplete(missingIssuer: String, path: [String])
  /// Every link holds, but one is made with a key or a digest that can be forged: what the chain says is no evidence.
  case weak(WeakLink, path: [String])
  /// A link of the chain is broken.
  case notTrusted(ChainProblem)

  /// As documents call it; stable.
  package var name: String {
    switch self {
    case .trusted: "trusted"
    case .noTrustAnchors: "noTrustAnchors"
    case .incomplete: "incomplete"
    case .weak: "weak"
    case .notTrusted: "notTrusted"
    }
  }

  package var isTrusted: Bool {
    if case .trusted = self { return true }
    return false
  }
}

/// The first link of a chain below security level 2 of OpenSSL: 112 bits, RSA from 2048 bits, SHA-224 and better.
package struct WeakLink: Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    /// Its public key is too short.
    case key
    /// The digest that it is signed with is too weak.
    case digest
  }

  /// Display name of its subject.
  package var certificate: String
  package var reason: Reason
  /// The key or the signature algorithm by name: `RSA 1024`, `sha1WithRSAEncryption`.
  package var algorithm: String

  package init(certificate: String, reason: Reason, algorithm: String) {
    self.certificate = certificate
    self.reason = reason
    self.algorithm = algorithm
  }
}

/// The first broken link of a chain; `certificate` names the one it concerns.
package enum ChainProblem: Sendable, Equatable {
  /// A self-signed certificate ends the chain, and it is not in the trust directory.
  case rootNotTrusted(certificate: String)
  /// A CA certificate of the issuer's name is there, but another key or edition of it (key identifiers differ).
  case issuerDiffers(certificate: String, issuer: String)
  /// The issuer's key does not verify the signature.
  case signatureWrong(certificate: String)
  /// This OpenSSL does not know how the signature was made; `reason` in its words. Nothing is said against it.
  case signatureUnchecked(certificate: String, reason: String)
  /// The issuer's key cannot be used by this OpenSSL.
  case issuerKeyUnusable(certificate: String)
  /// Ended at this second.
  case expired(certificate: String, notAfter: Int64)
  /// Begins at this second.
  case notYetValid(certificate: String, notBefore: Int64)
  /// It issued another one without being a CA (basic constraints or key usage).
  case notCA(certificate: String)
  /// More CAs below it than it allows.
  case pathTooLong(certificate: String)
  /// Dotted OIDs of the critical extensions this program cannot honour.
  case unsupportedCriticalExtension(certificate: String, oids: [String])
  /// Anything else, as OpenSSL numbers (`X509_V_ERR_…`) and words it.
  case other(certificate: String, number: Int, text: String)
}
