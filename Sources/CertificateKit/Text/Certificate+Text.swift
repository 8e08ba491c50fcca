import COpenSSL
package import Failures

extension Certificate {
  /// Every field as `openssl x509 -text` prints it, names in UTF-8, invisible characters escaped.
  ///
  /// A line break inside a value stays one: OpenSSL gives no way to tell it from its own.
  ///
  /// - Throws: `UK-302` when ``der`` is no certificate, `UK-901` when printing fails.
  package func text() throws(Failure) -> String {
    let handle = try X509Handle(der: der)
    defer { withExtendedLifetime(handle) {} }
    let bytes = try OpenSSL.call("X509_print_ex") { () -> [UInt8]? in
      guard let output = BIO_new(BIO_s_mem()) else { return nil }
      defer { BIO_free(output) }
      guard X509_print_ex(output, handle.pointer, ukey_name_flags_utf8(), 0) == 1 else { return nil }
      var start: UnsafeMutablePointer<CChar>?
      let length = ukey_BIO_get_mem_data(output, &start)
      guard let start, length > 0 else { return nil }
      return start.withMemoryRebound(to: UInt8.self, capacity: length) {
        Array(UnsafeBufferPointer(start: $0, count: length))
      }
    }
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { displaySafe(String(decoding: $0, as: UTF8.self)) }.joined(separator: "\n")
  }
}
