package import CertificateKit

/// Why a login was not accepted. ``name`` is stable: it stands in logs, answers and `Docs/login-token.md`.
package enum LoginRefusal: Error, Sendable, Equatable {
  // What was sent
  /// Not a token or signature of a form that is read; `detail` for the log.
  case malformed(detail: String)
  /// A token of a version that is not known.
  case unknownFormat
  /// The certificate in it is none.
  case certificateMalformed
  /// The algorithm named does not go with the certificate's key, or is not taken.
  case algorithm
  // The challenge
  /// Never given out, or to nobody any more.
  case challengeUnknown
  case challengeExpired
  /// Signed for another site than the one that asks.
  case originDiffers
  /// What was signed is not the challenge.
  case contentDiffers
  // The signature and who made it
  case signatureWrong
  /// The certificate is not for signatures.
  case keyUsage
  case certificateNotYetValid
  case certificateExpired
  /// No CA that is trusted stands behind the certificate.
  case untrusted(ChainVerdict)
  case revoked
  /// There is no list of this issuer, and the policy wants one.
  case revocationListMissing
  /// The list of this issuer is past its time.
  case revocationListExpired
  /// The certificate names no 统一社会信用代码, and the policy wants one.
  case identityMissing
  /// The place where challenges are kept does not answer.
  case storeUnavailable

  package var name: String {
    switch self {
    case .malformed: "malformed"
    case .unknownFormat: "unknown-format"
    case .certificateMalformed: "certificate-malformed"
    case .algorithm: "algorithm"
    case .challengeUnknown: "challenge-unknown"
    case .challengeExpired: "challenge-expired"
    case .originDiffers: "origin-differs"
    case .contentDiffers: "content-differs"
    case .signatureWrong: "signature-wrong"
    case .keyUsage: "key-usage"
    case .certificateNotYetValid: "certificate-not-yet-valid"
    case .certificateExpired: "certificate-expired"
    case .untrusted: "untrusted"
    case .revoked: "revoked"
    case .revocationListMissing: "revocation-list-missing"
    case .revocationListExpired: "revocation-list-expired"
    case .identityMissing: "identity-missing"
    case .storeUnavailable: "store-unavailable"
    }
  }
}
