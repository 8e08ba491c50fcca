import COpenSSL
package import Failures

extension Certificate {
  /// Parses one DER certificate; bytes behind it (padding of a file on a card) are ignored.
  ///
  /// - Throws: `UK-302` when it is not X.509 (with OpenSSL's number) or its validity is no time (context names the
  ///   field), `UK-303` above 64 KiB.
  package init(der: [UInt8]) throws(Failure) {
    do {
      try self.init(X509Handle(der: der, isKeyless: true), encoded: der)
    } catch {
      // The failure told is the one of the certificate itself.
      guard error.code == .certificateMalformed, let names = LenientNames(der),
        let handle = try? X509Handle(der: names.der, isKeyless: true)
      else { throw error }
      try self.init(handle, encoded: der, names: names)
    }
  }

  /// - Parameters:
  ///   - encoded: the bytes of the certificate.
  ///   - names: when `handle` was made from its copy instead of `encoded`.
  init(_ handle: X509Handle, encoded: [UInt8], names: LenientNames? = nil) throws(Failure) {
    let x509 = handle.pointer
    defer {
      ERR_clear_error()
      // The pointer alone does not keep the object.
      withExtendedLifetime(handle) {}
    }
    let validity = Validity(
      notBefore: try seconds(X509_get0_notBefore(x509), field: "notBefore"),
      notAfter: try seconds(X509_get0_notAfter(x509), field: "notAfter"))
    let subject = DistinguishedName(X509_get_subject_name(x509), tags: names?.subjectTags ?? [:])
    let extensions = ExtensionList(x509)
    self.init(
      der: Array(encoded.prefix(handle.length)), subject: subject,
      issuer: DistinguishedName(X509_get_issuer_name(x509), tags: names?.issuerTags ?? [:]),
      serial: serialBytes(x509), validity: validity,
      publicKey: PublicKey(x509), signatureAlgorithm: signatureName(x509), keyUsage: extensions.keyUsage,
      extendedKeyUsage: extensions.extendedKeyUsage, isAuthority: extensions.isAuthority,
      uscc: USCCSearch.find(subject: subject, extensions: extensions))
  }
}

private func seconds(_ time: UnsafePointer<ASN1_TIME>?, field: String) throws(Failure) -> Int64 {
  if let value = unixSeconds(time) { return value }
  let shown = displaySafe(String(decoding: contentBytes(time).prefix(40), as: UTF8.self))
  throw Failure(.certificateMalformed, function: "ASN1_TIME", context: "\(field) “\(shown)”")
}

/// Content octets of the serial number, with the sign octet DER asks for.
private func serialBytes(_ x509: OpaquePointer) -> [UInt8] {
  guard let number = X509_get0_serialNumber(x509) else { return [] }
  let length = i2d_ASN1_INTEGER(number, nil)
  guard length > 0 else { return [] }
  var der = [UInt8](repeating: 0, count: Int(length))
  der.withUnsafeMutableBufferPointer { buffer in
    var cursor = buffer.baseAddress
    _ = i2d_ASN1_INTEGER(number, &cursor)
  }
  var reader = DERReader(der[...])
  return reader.next().map { Array($0.content) } ?? []
}

private func signatureName(_ x509: OpaquePointer) -> String {
  var algorithm: UnsafePointer<X509_ALGOR>?
  X509_get0_signature(nil, &algorithm, x509)
  guard let algorithm else { return "" }
  var object: OpaquePointer?
  X509_ALGOR_get0(&object, nil, nil, algorithm)
  return signatureName(dottedOID(object))
}

/// RFC 8017, RFC 5758, RFC 8410, FIPS 186, GM/T 0006 (1.2.156.10197); another algorithm is named by its identifier.
private func signatureName(_ oid: String) -> String {
  switch oid {
  case "1.2.156.10197.1.501": "SM3withSM2"
  case "1.2.156.10197.1.504": "SM3withRSA"
  case "1.2.840.113549.1.1.4": "MD5withRSA"
  case "1.2.840.113549.1.1.5", "1.3.14.3.2.29": "SHA1withRSA"
  case "1.2.840.113549.1.1.10": "RSASSA-PSS"
  case "1.2.840.113549.1.1.11": "SHA256withRSA"
  case "1.2.840.113549.1.1.12": "SHA384withRSA"
  case "1.2.840.113549.1.1.13": "SHA512withRSA"
  case "1.2.840.113549.1.1.14": "SHA224withRSA"
  case "1.2.840.10045.4.1": "SHA1withECDSA"
  case "1.2.840.10045.4.3.1": "SHA224withECDSA"
  case "1.2.840.10045.4.3.2": "SHA256withECDSA"
  case "1.2.840.10045.4.3.3": "SHA384withECDSA"
  case "1.2.840.10045.4.3.4": "SHA512withECDSA"
  case "1.2.840.10040.4.3": "SHA1withDSA"
  case "2.16.840.1.101.3.4.3.2": "SHA256withDSA"
  case "1.3.101.112": "Ed25519"
  case "1.3.101.113": "Ed448"
  default: oid
  }
}
