import COpenSSL
package import Failures

/// The CA certificates a verdict is measured against: every `*.pem`, `*.crt`, `*.cer` and `*.der` of one directory.
///
/// Only a self-signed certificate in it ends a chain; others in it are links. What cannot be read is listed in
/// ``failures`` and the rest is used.
package struct TrustDirectory: Sendable {
  /// In the order of file names, each once.
  package let certificates: [Certificate]
  /// `UK-310` for each file (or block of a PEM file) that could not be used; context names it.
  package let failures: [Failure]
  let anchors: [X509Handle]
  let store: TrustStore?

  /// Certificates kept, and bytes of one file.
  static let certificateLimit = 2048
  static let fileLimit = 4 << 20

  /// Loads a directory; one that cannot be opened gives no certificates and one failure with `errno`.
  package init(path: String) {
    var loader = TrustLoader()
    loader.load(directory: path)
    self.init(loader)
  }

  /// Certificates from elsewhere, for tests and for the demonstration's own CA.
  package init(certificates: [Certificate]) {
    var loader = TrustLoader()
    for certificate in certificates { loader.add(certificate.der, origin: certificate.owner) }
    self.init(loader)
  }

  private init(_ loader: TrustLoader) {
    certificates = loader.certificates
    failures = loader.failures
    anchors = loader.handles
    store = TrustStore(loader.handles)
  }
}

/// An `X509_STORE` and its end.
///
/// Unchecked because the store locks itself, and nothing is added after `init`.
final class TrustStore: @unchecked Sendable {
  let pointer: OpaquePointer

  init?(_ handles: [X509Handle]) {
    guard let pointer = try? OpenSSL.call("X509_STORE_new", { X509_STORE_new() }) else { return nil }
    self.pointer = pointer
    for handle in handles { X509_STORE_add_cert(pointer, handle.pointer) }
    ERR_clear_error()
  }

  deinit { X509_STORE_free(pointer) }
}
