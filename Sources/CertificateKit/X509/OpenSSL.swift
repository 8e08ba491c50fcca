import COpenSSL
import Failures

/// The one door to OpenSSL: starts it once, keeps its error number, leaves its error queue empty.
enum OpenSSL {
  private static let started = ukey_openssl_start() == 1
  /// For parsing certificates that are only read. Unsafe for the compiler alone: a library context may be used by any
  /// thread (OSSL_LIB_CTX(3)), and this one is never freed.
  nonisolated(unsafe) static let keyless = ukey_openssl_keyless()

  /// Runs `body`; `nil` from it becomes a failure with the first OpenSSL error, which is the nearest to the cause.
  static func call<Value>(
    _ function: String, code: FailureCode = .crypto, context: String? = nil, _ body: () -> Value?
  ) throws(Failure) -> Value {
    guard started else { throw Failure(.crypto, function: "OPENSSL_init_crypto") }
    ERR_clear_error()
    defer { ERR_clear_error() }
    if let value = body() { return value }
    let number = ERR_peek_error()
    throw Failure(code, function: function, number: number == 0 ? nil : .openssl(number), context: context)
  }
}

extension Certificate {
  /// Makes ready what parsing the first certificate would otherwise wait for. Any thread may do it while another is
  /// still waiting for the card.
  package static func warmUp() {
    _ = try? OpenSSL.call("d2i_X509_PUBKEY") { () -> Bool? in
      // SubjectPublicKeyInfo of the generator of P-256: a public key that is nobody's.
      let generator: [UInt8] = [
        0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
        0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00, 0x03, 0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8,
        0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39,
        0x45, 0xD8, 0x98, 0xC2, 0x96,
      ]
      return generator.withUnsafeBufferPointer { bytes in
        var key = X509_PUBKEY_new_ex(OpenSSL.keyless, nil)
        var cursor = bytes.baseAddress
        X509_PUBKEY_free(d2i_X509_PUBKEY(&key, &cursor, bytes.count))
        return true
      }
    }
  }
}

/// An `X509` object and its end.
///
/// Unchecked because OpenSSL guards the object itself: references are counted atomically and the cached extension
/// values are filled under a lock; nothing here changes it after `init`.
final class X509Handle: @unchecked Sendable {
  let pointer: OpaquePointer
  /// Length of the certificate in the bytes given; padding may stand behind it.
  let length: Int

  /// Largest input accepted, in bytes.
  static let limit = 65_536

  /// - Parameter isKeyless: leaves the public key as bytes, which is eight times faster; for certificates of which no
  ///   signature is to be checked.
  /// - Throws: `UK-302` when `der` does not begin with an X.509 certificate, `UK-303` above ``limit``.
  init(der: [UInt8], isKeyless: Bool = false) throws(Failure) {
    guard der.count <= Self.limit else { throw Failure(.certificateTooLarge, context: "\(der.count) bytes") }
    let (pointer, length) = try OpenSSL.call("d2i_X509", code: .certificateMalformed, context: "\(der.count) bytes") {
      der.withUnsafeBufferPointer { buffer -> (OpaquePointer, Int)? in
        guard let start = buffer.baseAddress else { return nil }
        var cursor: UnsafePointer<UInt8>? = start
        var empty = isKeyless ? X509_new_ex(OpenSSL.keyless, nil) : nil
        guard let x509 = d2i_X509(&empty, &cursor, buffer.count) else { return nil }
        return (x509, cursor.map { $0 - start } ?? buffer.count)
      }
    }
    self.pointer = pointer
    self.length = length
    // GB/T 32918 hashes an identity of the signer into the signature; certificates use this fixed one
    // (GB/T 35276). OpenSSL refuses the identity for other algorithms, so only SM2 signatures get it.
    if X509_get_signature_nid(pointer) == NID_SM2_with_SM3, let identity = ASN1_OCTET_STRING_new() {
      if ASN1_OCTET_STRING_set(identity, "1234567812345678", 16) == 1 {
        X509_set0_distinguishing_id(pointer, identity)
      } else {
        ASN1_OCTET_STRING_free(identity)
      }
    }
  }

  deinit { X509_free(pointer) }

  /// Its public key, which lives as long as it; `nil` when OpenSSL cannot use it.
  var key: OpaquePointer? { X509_get0_pubkey(pointer) }
}

/// The bytes of an `ASN1_STRING`, which is also every other primitive type of OpenSSL.
func contentBytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
  guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
  return [UInt8](UnsafeBufferPointer(start: start, count: max(0, Int(ASN1_STRING_length(string)))))
}

/// Seconds since 1970-01-01 UTC; `nil` when the text in it is no time.
func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
  guard let time else { return nil }
  return ASN1Time.unixSeconds(contentBytes(time), isGeneralized: ASN1_STRING_type(time) == V_ASN1_GENERALIZEDTIME)
}

/// An object identifier in dotted form.
func dottedOID(_ object: OpaquePointer?) -> String {
  guard let object else { return "" }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
    guard let start = buffer.baseAddress, OBJ_obj2txt(start, 256, object, 1) > 0 else { return "" }
    return String(cString: start)
  }
}

/// An object identifier in dotted form from its content octets; `nil` when they are none.
func dottedOID(content: ArraySlice<UInt8>) -> String? {
  guard !content.isEmpty, content.count < 128 else { return nil }
  let der = [0x06, UInt8(content.count)] + content
  return der.withUnsafeBufferPointer { buffer in
    var cursor = buffer.baseAddress
    guard let object = d2i_ASN1_OBJECT(nil, &cursor, buffer.count) else { return nil }
    defer { ASN1_OBJECT_free(object) }
    return dottedOID(object)
  }
}
