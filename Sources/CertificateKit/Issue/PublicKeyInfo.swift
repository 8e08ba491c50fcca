internal import COpenSSL
package import Failures

/// The public half of a pair made for a certificate: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of the kinds that renewal
/// knows, in the one encoding that two of them are compared by.
package struct PublicKeyInfo: Sendable, Equatable {
  package let der: [UInt8]
  package let kind: PublicKey

  /// Most bytes accepted: RSA-8192 has about 1,050.
  private static let limit = 2048

  /// Reads SM2, P-256, P-384 and RSA of 1,024 bits and more; points uncompressed and on their curve.
  ///
  /// - Throws: `UK-530` when it is none of them, or something stands behind it.
  package init(der: [UInt8]) throws(Failure) {
    func malformed(_ part: String) -> Failure { Failure(.answerUnreadable, function: "publicKey", context: part) }
    guard der.count <= Self.limit else { throw malformed("\(der.count)") }
    var outer = DERReader(der[...])
    guard let content = outer.next(tag: 0x30), outer.rest.isEmpty else { throw malformed("SubjectPublicKeyInfo") }
    let kind = PublicKey(info: content)
    switch kind {
    case .sm2, .ec("prime256v1", _), .ec("secp384r1", _): break
    case .rsa(let bits) where bits >= 1024: break
    default: throw malformed(kind.name)
    }
    var parts = DERReader(content)
    _ = parts.next()
    let bits = parts.next(tag: 0x03) ?? []
    if case .rsa = kind {} else if bits.dropFirst().first != 0x04 { throw malformed("compressed") }
    self.der = try OpenSSL.call("d2i_PUBKEY", code: .answerUnreadable) {
      withEVPKey(der) { key in
        guard let check = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(check) }
        guard EVP_PKEY_public_check(check) == 1 else { return nil }
        // Makers differ in the parameters of RSA; two encodings of one key are to be equal.
        var encoded = [UInt8](repeating: 0, count: Int(max(i2d_PUBKEY(key, nil), 0)))
        let count = encoded.withUnsafeMutableBufferPointer { room in
          var cursor = room.baseAddress
          return i2d_PUBKEY(key, &cursor)
        }
        return count > 0 && Int(count) == encoded.count ? encoded : nil
      }
    }
    self.kind = kind
  }

  /// Of an SM2 key. - Parameter point: X ‖ Y, 64 bytes. - Throws: `UK-530` when it is not on the curve.
  package init(sm2 point: [UInt8]) throws(Failure) { try self.init(curve: "1.2.156.10197.1.301", point) }

  /// Of a P-256 key. - Parameter point: X ‖ Y, 64 bytes. - Throws: `UK-530`.
  package init(p256 point: [UInt8]) throws(Failure) { try self.init(curve: "1.2.840.10045.3.1.7", point) }

  private init(curve: String, _ point: [UInt8]) throws(Failure) {
    guard point.count == 64 else { throw Failure(.answerUnreadable, function: "publicKey", context: "\(point.count)") }
    try self.init(
      der: DERWriter.sequence(
        DERWriter.sequence(DERWriter.oid("1.2.840.10045.2.1"), DERWriter.oid(curve)),
        DERWriter.element(0x03, [0x00, 0x04] + point)))
  }

  /// Of an RSA key (RFC 8017 A.1.1). - Parameters: big-endian. - Throws: `UK-530`.
  package init(modulus: [UInt8], exponent: [UInt8]) throws(Failure) {
    func integer(_ bytes: [UInt8]) -> [UInt8] {
      let value = Array(bytes.drop { $0 == 0 })
      return DERWriter.element(0x02, value.first.map { $0 & 0x80 != 0 ? [0] + value : value } ?? [0])
    }
    let key = DERWriter.sequence(integer(modulus), integer(exponent))
    try self.init(
      der: DERWriter.sequence(
        DERWriter.sequence(DERWriter.oid("1.2.840.113549.1.1.1"), DERWriter.element(0x05, [])),
        DERWriter.element(0x03, [0x00] + key)))
  }

  /// X ‖ Y of a key on a curve of 256 bits; `nil` for others.
  package var point: [UInt8]? {
    switch kind {
    case .sm2, .ec("prime256v1", _): Array(der.suffix(64))
    default: nil
    }
  }

  /// As ``Certificate/sm2Digest(of:)``. - Throws: `UK-220` when the key is not SM2, `UK-901`.
  package func sm2Digest(of message: [UInt8]) throws(Failure) -> [UInt8] {
    guard kind == .sm2, let point else { throw Failure(.notSupported, function: "SM2", context: kind.name) }
    return try sm2MessageDigest(point: point, message)
  }

  /// As ``Certificate/verify(_:of:digest:)``. - Throws: `UK-430`, `UK-901`.
  package func verify(_ signature: [UInt8], of message: [UInt8]) throws(Failure) {
    var key: OpaquePointer?
    defer { EVP_PKEY_free(key) }
    try verifySignature(signature, of: message, kind: kind) {
      der.withUnsafeBufferPointer { bytes in
        var cursor = bytes.baseAddress
        key = d2i_PUBKEY(nil, &cursor, bytes.count)
      }
      return key
    }
  }

  /// SM2Cipher of GM/T 0009 §7.2 (DER) over a few bytes that are no secret of anybody's: a random session key by which an
  /// encryption pair is tried. - Throws: `UK-901`.
  package func encryptSM2(_ plain: [UInt8]) throws(Failure) -> [UInt8] {
    guard kind == .sm2 else { throw Failure(.notSupported, function: "SM2", context: kind.name) }
    return try OpenSSL.call("EVP_PKEY_encrypt") {
      withEVPKey(der) { key in
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: plain.count + 160)
        var count = output.count
        guard EVP_PKEY_encrypt_init(context) == 1,
          EVP_PKEY_encrypt(context, &output, &count, plain, plain.count) == 1, count <= output.count
        else { return nil }
        return Array(output.prefix(count))
      }
    }
  }
}

/// Runs `body` with the key of a SubjectPublicKeyInfo; `nil` when OpenSSL cannot read it.
private func withEVPKey<Value>(_ der: [UInt8], _ body: (OpaquePointer) -> Value?) -> Value? {
  let key = der.withUnsafeBufferPointer { bytes in
    var cursor = bytes.baseAddress
    return d2i_PUBKEY(nil, &cursor, bytes.count)
  }
  guard let key else { return nil }
  defer { EVP_PKEY_free(key) }
  return body(key)
}

extension Certificate {
  /// The certificate's public key. - Throws: `UK-530` when it is of a kind that renewal does not know.
  package func publicKeyInfo() throws(Failure) -> PublicKeyInfo {
    guard let info = Self.keyInfo(der) else { throw Failure(.answerUnreadable, function: "publicKey") }
    return try PublicKeyInfo(der: info)
  }

  /// The subject's `Name`, DER as it stands.
  package func subjectName() throws(Failure) -> [UInt8] {
    guard let name = Self.subjectName(der) else { throw Failure(.answerUnreadable, function: "subject") }
    return name
  }
}
