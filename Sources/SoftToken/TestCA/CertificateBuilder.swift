import COpenSSL
import Failures

/// Fills one `X509` and signs it.
final class CertificateBuilder {
  let certificate: OpaquePointer
  private let content: TestCertificate
  private var owned = true

  /// Starts a version 3 certificate with serial number, validity and public key.
  init(_ content: TestCertificate, publicKey: PrivateKey) throws(Failure) {
    guard let certificate = X509_new() else { throw opensslFailure("X509_new") }
    self.certificate = certificate
    self.content = content
    guard X509_set_version(certificate, 2) == 1 else { throw opensslFailure("X509_set_version") }
    try setSerialNumber()
    guard
      ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(content.notBefore)) != nil,
      ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(content.notAfter)) != nil
    else { throw opensslFailure("ASN1_TIME_set") }
    guard X509_set_pubkey(certificate, publicKey.pointer) == 1 else { throw opensslFailure("X509_set_pubkey") }
  }

  deinit {
    if owned { X509_free(certificate) }
  }

  /// Hands the certificate over to the caller, who frees it.
  func takeCertificate() -> OpaquePointer {
    owned = false
    return certificate
  }

  private func setSerialNumber() throws(Failure) {
    var bytes = Array((content.serialNumber ?? []).prefix(20))
    if content.serialNumber == nil {
      bytes = [UInt8](repeating: 0, count: 16)
      guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { throw opensslFailure("RAND_bytes") }
      // Positive and not zero (RFC 5280 4.1.2.2).
      bytes[0] = bytes[0] & 0x7F | 0x01
    }
    guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw opensslFailure("BN_bin2bn") }
    defer { BN_free(number) }
    guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil else {
      throw opensslFailure("BN_to_ASN1_INTEGER")
    }
  }

  func setSubject() throws(Failure) {
    guard let name = X509_get_subject_name(certificate) else { throw opensslFailure("X509_get_subject_name") }
    for attribute in content.subject {
      let (type, bytes): (Int32, [UInt8]) =
        switch attribute.encoding {
        case .automatic: (MBSTRING_UTF8, Array(attribute.value.utf8))
        case .bmp: (V_ASN1_BMPSTRING, attribute.value.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        }
      let added = X509_NAME_add_entry_by_txt(name, attribute.type, type, bytes, Int32(bytes.count), -1, 0)
      guard added == 1 else { throw opensslFailure("X509_NAME_add_entry_by_txt", context: attribute.type) }
    }
  }

  /// Takes the issuer from the subject of `issuer`.
  func setIssuer(sameAs issuer: OpaquePointer) throws(Failure) {
    guard X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 else {
      throw opensslFailure("X509_set_issuer_name")
    }
  }

  /// Adds a standard extension written in OpenSSL's configuration syntax.
  func addExtension(_ nid: Int32, _ value: String, issuer: OpaquePointer) throws(Failure) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
    guard let item = X509V3_EXT_conf_nid(nil, &context, nid, value) else {
      throw opensslFailure("X509V3_EXT_conf_nid", context: value)
    }
    defer { X509_EXTENSION_free(item) }
    guard X509_add_ext(certificate, item, -1) == 1 else { throw opensslFailure("X509_add_ext") }
  }

  func addUsage(issuer: OpaquePointer) throws(Failure) {
    let value =
      switch content.usage {
      case .signature: "critical,digitalSignature,nonRepudiation"
      case .encryption: "critical,keyEncipherment,dataEncipherment,keyAgreement"
      case .custom(let list): list
      }
    guard !value.isEmpty else { return }
    try addExtension(NID_key_usage, value, issuer: issuer)
  }

  /// Adds ``TestCertificate/extensions`` byte for byte.
  func addOwnExtensions() throws(Failure) {
    for item in content.extensions {
      guard let object = OBJ_txt2obj(item.oid, 1) else { throw opensslFailure("OBJ_txt2obj", context: item.oid) }
      defer { ASN1_OBJECT_free(object) }
      guard let value = ASN1_OCTET_STRING_new() else { throw opensslFailure("ASN1_OCTET_STRING_new") }
      defer { ASN1_OCTET_STRING_free(value) }
      guard
        ASN1_OCTET_STRING_set(value, item.value, Int32(item.value.count)) == 1,
        let encoded = X509_EXTENSION_create_by_OBJ(nil, object, item.critical ? 1 : 0, value)
      else { throw opensslFailure("X509_EXTENSION_create_by_OBJ") }
      defer { X509_EXTENSION_free(encoded) }
      guard X509_add_ext(certificate, encoded, -1) == 1 else { throw opensslFailure("X509_add_ext") }
    }
  }

  /// Signs with the CA key and returns the DER.
  func sign(with key: PrivateKey, kind: TestKeyKind) throws(Failure) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw opensslFailure("EVP_MD_CTX_new") }
    defer { EVP_MD_CTX_free(context) }
    guard let keyContext = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
      throw opensslFailure("EVP_PKEY_CTX_new_from_pkey")
    }
    // The message context does not own a key context set this way.
    defer { EVP_PKEY_CTX_free(keyContext) }
    EVP_MD_CTX_set_pkey_ctx(context, keyContext)
    guard EVP_DigestSignInit_ex(context, nil, kind.digestName, nil, nil, key.pointer, nil) == 1 else {
      throw opensslFailure("EVP_DigestSignInit_ex")
    }
    if kind == .sm2 {
      // The default ID of GM/T 0009, 16 ASCII bytes; without it OpenSSL would sign for an empty ID.
      let id = Array("1234567812345678".utf8)
      guard EVP_PKEY_CTX_set1_id(keyContext, id, Int32(id.count)) == 1 else {
        throw opensslFailure("EVP_PKEY_CTX_set1_id")
      }
    }
    guard X509_sign_ctx(certificate, context) > 0 else { throw opensslFailure("X509_sign_ctx") }
    let certificate = certificate
    return try derBytes("i2d_X509") { i2d_X509(certificate, $0) }
  }
}
