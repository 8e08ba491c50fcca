internal import COpenSSL
package import Failures

/// A certificate and its private key, both of this program's own making.
package struct KeyedCertificate: Sendable {
  package var der: [UInt8]
  /// PKCS#8 (RFC 5208), not encrypted.
  package var key: [UInt8]

  package init(der: [UInt8], key: [UInt8]) {
    self.der = der
    self.key = key
  }
}

/// A CA that can speak for nobody but this computer to itself, so that a stolen key of it is of no use elsewhere: its
/// critical name constraints (RFC 5280 4.2.1.10) permit localhost, 127.0.0.0/8 and ::1 and nothing else, and it has no
/// CA below it.
package enum LoopbackAuthority {
  private static let day: Int64 = 86_400
  /// Of the CA, which is put into browsers once.
  package static let authorityDays: Int64 = 3650
  /// Of the server's certificate: what browsers take from CAs in general.
  package static let serverDays: Int64 = 397
  /// The server's certificate is made anew when so many days of it are left.
  package static let renewalDays: Int64 = 60

  /// - Parameters:
  ///   - name: common name, told apart from those of other computers by it.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-901`.
  package static func make(name: String, now: Int64) throws(Failure) -> KeyedCertificate {
    let draft = try Draft.new(subject: name, now: now, days: authorityDays)
    let permitted = [
      "DNS:localhost", "IP:127.0.0.0/255.0.0.0", "IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
    try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
    try draft.add(NID_ext_key_usage, "serverAuth")
    try draft.add(NID_name_constraints, "critical," + permitted.map { "permitted;" + $0 }.joined(separator: ","))
    try draft.add(NID_subject_key_identifier, "hash")
    return try draft.signed(by: draft)
  }

  /// The certificate for the service's ports.
  ///
  /// - Throws: `UK-901`.
  package static func server(of authority: KeyedCertificate, now: Int64) throws(Failure) -> KeyedCertificate {
    let issuer = try Draft.of(authority)
    let draft = try Draft.new(subject: "localhost", now: now, days: serverDays)
    try draft.add(NID_basic_constraints, "critical,CA:FALSE")
    try draft.add(NID_key_usage, "critical,digitalSignature")
    try draft.add(NID_ext_key_usage, "serverAuth")
    try draft.add(NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1")
    try draft.add(NID_subject_key_identifier, "hash")
    try draft.add(NID_authority_key_identifier, "keyid:always", issuer: issuer)
    return try draft.signed(by: issuer)
  }

  /// An `X509` being filled, and the key it is for.
  private final class Draft {
    let certificate: OpaquePointer
    let key: OpaquePointer

    private init(owning certificate: OpaquePointer, _ key: OpaquePointer) {
      self.certificate = certificate
      self.key = key
    }

    /// A new key, and a certificate for it without extensions.
    static func new(subject: String, now: Int64, days: Int64) throws(Failure) -> Draft {
      let certificate = try OpenSSL.call("X509_new") { filled(subject, now: now, days: days) }
      guard let key = generate() else {
        X509_free(certificate)
        throw Failure(.crypto, function: "EVP_PKEY_generate")
      }
      let draft = Draft(owning: certificate, key)
      guard X509_set_pubkey(certificate, key) == 1 else { throw Failure(.crypto, function: "X509_set_pubkey") }
      return draft
    }

    static func of(_ made: KeyedCertificate) throws(Failure) -> Draft {
      let certificate = try OpenSSL.call("d2i_X509") {
        made.der.withUnsafeBufferPointer { bytes in
          var cursor = bytes.baseAddress
          return d2i_X509(nil, &cursor, bytes.count)
        }
      }
      let key = made.key.withUnsafeBufferPointer { bytes in
        var cursor = bytes.baseAddress
        return d2i_AutoPrivateKey(nil, &cursor, bytes.count)
      }
      guard let key else {
        X509_free(certificate)
        throw Failure(.crypto, function: "d2i_AutoPrivateKey")
      }
      return Draft(owning: certificate, key)
    }

    deinit {
      X509_free(certificate)
      EVP_PKEY_free(key)
    }

    private static func generate() -> OpaquePointer? {
      guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
      defer { EVP_PKEY_CTX_free(context) }
      var key: OpaquePointer?
      guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
        EVP_PKEY_generate(context, &key) == 1
      else { return nil }
      return key
    }

    private static func filled(_ subject: String, now: Int64, days: Int64) -> OpaquePointer? {
      guard let certificate = X509_new() else { return nil }
      var serial = [UInt8](repeating: 0, count: 16)
      let name = Array(subject.utf8)
      guard RAND_bytes(&serial, Int32(serial.count)) == 1, let number = BN_bin2bn(serial, Int32(serial.count), nil)
      else {
        X509_free(certificate)
        return nil
      }
      defer { BN_free(number) }
      // Valid a day before now, for a clock that is set back a little.
      guard X509_set_version(certificate, 2) == 1,
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil,
        ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(now - day)) != nil,
        ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(now + days * day)) != nil,
        X509_NAME_add_entry_by_txt(
          X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, Int32(name.count), -1, 0) == 1
      else {
        X509_free(certificate)
        return nil
      }
      return certificate
    }

    /// Adds an extension written in OpenSSL's configuration syntax.
    func add(_ nid: Int32, _ value: String, issuer: Draft? = nil) throws(Failure) {
      var context = X509V3_CTX()
      X509V3_set_ctx(&context, (issuer ?? self).certificate, certificate, nil, nil, 0)
      guard let item = X509V3_EXT_conf_nid(nil, &context, nid, value) else {
        throw Failure(.crypto, function: "X509V3_EXT_conf_nid", context: value)
      }
      defer { X509_EXTENSION_free(item) }
      guard X509_add_ext(certificate, item, -1) == 1 else { throw Failure(.crypto, function: "X509_add_ext") }
    }

    func signed(by issuer: Draft) throws(Failure) -> KeyedCertificate {
      guard X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate)) == 1,
        X509_sign(certificate, issuer.key, EVP_sha256()) > 0, let info = EVP_PKEY2PKCS8(key)
      else { throw Failure(.crypto, function: "X509_sign") }
      defer { PKCS8_PRIV_KEY_INFO_free(info) }
      let certificate = certificate
      return KeyedCertificate(
        der: try Self.bytes("i2d_X509") { i2d_X509(certificate, $0) },
        key: try Self.bytes("i2d_PKCS8_PRIV_KEY_INFO") { i2d_PKCS8_PRIV_KEY_INFO(info, $0) })
    }

    private static func bytes(
      _ function: String, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws(Failure) -> [UInt8] {
      try OpenSSL.call(function) {
        let length = encode(nil)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
          var cursor = buffer.baseAddress
          count = max(0, min(Int(encode(&cursor)), buffer.count))
        }
      }
    }
  }
}
