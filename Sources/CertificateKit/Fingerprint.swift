internal import Base
import COpenSSL
package import Failures

/// A digest to compare certificates by.
package enum FingerprintAlgorithm: Sendable, CaseIterable {
  case sha256
  case sm3
}

extension Certificate {
  /// Digest of the DER, 32 bytes.
  ///
  /// - Throws: `UK-901` when this OpenSSL lacks the digest (SM3 under FIPS).
  package func fingerprint(_ algorithm: FingerprintAlgorithm) throws(Failure) -> [UInt8] {
    try OpenSSL.call("EVP_Digest") {
      var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var length: UInt32 = 0
      let method = algorithm == .sha256 ? EVP_sha256() : EVP_sm3()
      guard EVP_Digest(der, der.count, &digest, &length, method, nil) == 1 else { return nil }
      return Array(digest.prefix(Int(length)))
    }
  }

  /// The same as `AB:CD:…`.
  package func fingerprintText(_ algorithm: FingerprintAlgorithm) throws(Failure) -> String {
    hexText(try fingerprint(algorithm), separator: ":")
  }
}
