internal import COpenSSL

/// The library that checks certificates and signatures.
package enum CryptoLibrary {
  /// As the library that is loaded calls itself: `OpenSSL 3.0.17 1 Jul 2025`.
  package static var version: String { OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "" }
}
