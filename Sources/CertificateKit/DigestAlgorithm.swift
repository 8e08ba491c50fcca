internal import COpenSSL
package import Failures

/// The digests that signatures of the trade are made with.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
  case sm3 = "SM3"
  case sha1 = "SHA1"
  case sha256 = "SHA256"
  case sha384 = "SHA384"
  case sha512 = "SHA512"

  /// What a key of this kind signs with here: SM3 for SM2, SHA-384 for keys of 384 bits, else SHA-256.
  package init(for key: PublicKey) {
    switch key {
    case .sm2: self = .sm3
    case .ec(_, let bits) where bits == 384: self = .sha384
    case .ec, .rsa, .other: self = .sha256
    }
  }

  /// - Throws: `UK-901` when this OpenSSL lacks it (SM3 under FIPS).
  package func digest(of message: [UInt8]) throws(Failure) -> [UInt8] { try openSSLDigest(message, method) }

  /// Dotted object identifier (RFC 5754, GM/T 0006).
  package var oid: String {
    switch self {
    case .sm3: "1.2.156.10197.1.401"
    case .sha1: "1.3.14.3.2.26"
    case .sha256: "2.16.840.1.101.3.4.2.1"
    case .sha384: "2.16.840.1.101.3.4.2.2"
    case .sha512: "2.16.840.1.101.3.4.2.3"
    }
  }

  package init?(oid: String) {
    guard let found = Self.allCases.first(where: { $0.oid == oid }) else { return nil }
    self = found
  }

  var method: OpaquePointer? {
    switch self {
    case .sm3: EVP_sm3()
    case .sha1: EVP_sha1()
    case .sha256: EVP_sha256()
    case .sha384: EVP_sha384()
    case .sha512: EVP_sha512()
    }
  }
}
