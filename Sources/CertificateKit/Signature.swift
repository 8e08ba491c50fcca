internal import COpenSSL
package import Failures

/// Forms of signatures and of what keys sign.
package enum Signature {
  /// Raw r ‖ s (two halves of equal length, big-endian) as the DER `SEQUENCE { INTEGER, INTEGER }` of X.509.
  ///
  /// - Throws: `UK-203` when the length is odd, zero or beyond P-521.
  package static func der(fromRS raw: [UInt8]) throws(Failure) -> [UInt8] {
    guard !raw.isEmpty, raw.count % 2 == 0, raw.count <= 132 else {
      throw Failure(.answerMalformed, function: "signature", context: "\(raw.count)")
    }
    func integer(_ half: ArraySlice<UInt8>) -> [UInt8] {
      var value = Array(half.drop { $0 == 0 })
      if value.isEmpty || value[0] & 0x80 != 0 { value.insert(0, at: 0) }
      return [0x02, UInt8(value.count)] + value
    }
    let body = integer(raw[..<(raw.count / 2)]) + integer(raw[(raw.count / 2)...])
    return (body.count < 0x80 ? [0x30, UInt8(body.count)] : [0x30, 0x81, UInt8(body.count)]) + body
  }

  /// DER `SEQUENCE { INTEGER r, INTEGER s }` as r ‖ s, each of `size` bytes.
  ///
  /// - Throws: `UK-203` when it is none, or a number does not fit.
  package static func rs(fromDER der: [UInt8], size: Int) throws(Failure) -> [UInt8] {
    let failure = Failure(.answerMalformed, function: "signature", context: "\(der.count)")
    var outer = DERReader(der[...])
    var numbers = DERReader(outer.next(tag: 0x30) ?? [])
    guard outer.rest.isEmpty, let r = numbers.next(tag: 0x02), let s = numbers.next(tag: 0x02), numbers.rest.isEmpty
    else { throw failure }
    var raw: [UInt8] = []
    for number in [r, s] {
      let value = number.drop { $0 == 0 }
      guard value.count <= size else { throw failure }
      raw += [UInt8](repeating: 0, count: size - value.count) + value
    }
    return raw
  }

  /// SHA-256, or SHA-384 for keys of 384 bits.
  package static func digest(of message: [UInt8], bits: Int = 256) throws(Failure) -> [UInt8] {
    try openSSLDigest(message, bits == 384 ? EVP_sha384() : EVP_sha256())
  }

  /// What a token may want for an RSA signature with SHA-256: the DigestInfo of PKCS#1, or the digest alone when it adds
  /// the DigestInfo itself.
  package static func rsaInputs(for message: [UInt8]) throws(Failure) -> [[UInt8]] {
    let digest = try digest(of: message)
    return [sha256DigestInfo + digest, digest]
  }

  /// The whole block of PKCS#1 v1.5 (RFC 8017 §9.2) with SHA-256: `00 01 FF … 00 DigestInfo`, for cards that only
  /// exponentiate.
  ///
  /// - Parameter size: bytes of the modulus.
  package static func pkcs1Block(for message: [UInt8], size: Int) throws(Failure) -> [UInt8] {
    let content = sha256DigestInfo + (try digest(of: message))
    guard size >= content.count + 11 else { throw Failure(.notSupported, function: "PKCS#1", context: "\(size)") }
    return [0x00, 0x01] + [UInt8](repeating: 0xFF, count: size - content.count - 3) + [0x00] + content
  }

  /// SEQUENCE { SEQUENCE { sha256, NULL }, OCTET STRING (32) }.
  private static let sha256DigestInfo: [UInt8] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
  ]
}

/// The ID that the trade uses for every SM2 signature (GM/T 0009).
private let sm2Identity = Array("1234567812345678".utf8)

extension Certificate {
  /// e = SM3(Z ‖ message) with the certificate's public key and the ID 1234567812345678 (GM/T 0003.2 §5.5, GM/T 0009):
  /// what an SM2 key on a token signs.
  ///
  /// - Throws: `UK-220` when the key is not SM2, `UK-901`.
  package func sm2Digest(of message: [UInt8]) throws(Failure) -> [UInt8] {
    guard publicKey == .sm2 else { throw Failure(.notSupported, function: "SM2", context: signatureAlgorithm) }
    let handle = try X509Handle(der: der)
    let point: [UInt8] = try OpenSSL.call("EVP_PKEY_get_octet_string_param") {
      X509_get0_pubkey(handle.pointer).flatMap(sm2Point)
    }
    return try sm2MessageDigest(point: point, message)
  }

  /// Checks a signature as ``SignOutcome`` describes it against this certificate's key.
  ///
  /// - Parameter digest: the one it was made with; `nil`: the one that such keys sign with here.
  /// - Throws: `UK-430` when it does not fit, `UK-901` when OpenSSL cannot use the key.
  package func verify(
    _ signature: [UInt8], of message: [UInt8], digest: DigestAlgorithm? = nil
  ) throws(Failure) {
    let handle = try X509Handle(der: der)
    try verifySignature(signature, of: message, digest: digest, kind: publicKey) { handle.key }
  }
}

/// The coordinates X ‖ Y of an SM2 key, 64 bytes.
func sm2Point(_ key: OpaquePointer) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 133)
  var count = 0
  guard EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &bytes, bytes.count, &count) == 1,
    count == 65, bytes[0] == 0x04
  else { return nil }
  return Array(bytes[1..<65])
}

/// e = SM3(Z ‖ message) for the ID 1234567812345678. - Parameter point: X ‖ Y, 64 bytes.
func sm2MessageDigest(point: [UInt8], _ message: [UInt8]) throws(Failure) -> [UInt8] {
  let bits = sm2Identity.count * 8
  let header = [UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
  let z = try openSSLDigest(header + sm2Identity + sm2Parameters + point, EVP_sm3())
  return try openSSLDigest(z + message, EVP_sm3())
}

/// - Parameter key: not owned; `nil` when OpenSSL cannot use it.
/// - Throws: `UK-430`, `UK-901`.
func verifySignature(
  _ signature: [UInt8], of message: [UInt8], digest: DigestAlgorithm? = nil, kind: PublicKey,
  _ key: () -> OpaquePointer?
) throws(Failure) {
  // EdDSA digests by itself (RFC 8032).
  let method = kind == .ed25519 ? nil : (digest ?? DigestAlgorithm(for: kind)).method
  let isRight: Bool = try OpenSSL.call("EVP_DigestVerifyInit") {
    guard let key = key(), let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    let keyContext = kind == .sm2 ? EVP_PKEY_CTX_new(key, nil) : nil
    defer { EVP_PKEY_CTX_free(keyContext) }
    if let keyContext {
      guard EVP_PKEY_CTX_set1_id(keyContext, sm2Identity, Int32(sm2Identity.count)) == 1 else { return nil }
      EVP_MD_CTX_set_pkey_ctx(context, keyContext)
    }
    guard EVP_DigestVerifyInit(context, nil, method, nil, key) == 1 else { return nil }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
  guard isRight else { throw Failure(.signatureInvalid, function: "EVP_DigestVerify") }
}

/// a ‖ b ‖ Gx ‖ Gy of the SM2 curve (GM/T 0003.5).
private let sm2Parameters: [UInt8] = [
  0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
  0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC,
  0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F, 0x5E, 0x34, 0x4D, 0x5A, 0x9E, 0x4B, 0xCF, 0x65, 0x09, 0xA7,
  0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92, 0xDD, 0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93,
  0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46, 0x6A, 0x39, 0xC9, 0x94,
  0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74, 0xC7,
  0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53,
  0xD0, 0xA9, 0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0,
]

func openSSLDigest(_ message: [UInt8], _ algorithm: OpaquePointer?) throws(Failure) -> [UInt8] {
  try OpenSSL.call("EVP_Digest") {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count = UInt32(0)
    guard EVP_Digest(message, message.count, &output, &count, algorithm, nil) == 1 else { return nil }
    return Array(output.prefix(Int(count)))
  }
}
