internal import COpenSSL
package import CertificateKit
package import Failures
internal import TokenKit

/// Bringing a private key to a key that does not export any.
extension SM2Key {
  /// The public key. - Throws: `UK-901`.
  package func publicKeyInfo() throws(Failure) -> PublicKeyInfo {
    try PublicKeyInfo(sm2: Array(try point().dropFirst()))
  }

  /// The private key, encrypted under a random SM4 key that is encrypted to `recipient` (GM/T 0009 §7.4).
  ///
  /// - Throws: `UK-440`, `UK-901`.
  package func enveloped(to recipient: PublicKeyInfo) throws(Failure) -> EnvelopedKey {
    guard let point = recipient.point else { throw Failure(.answerPair, context: recipient.kind.name) }
    var session = try SecretBytes()
    let isDrawn = session.fill { room in
      RAND_bytes(room.baseAddress?.assumingMemoryBound(to: UInt8.self), 16) == 1 ? 16 : nil
    }
    guard isDrawn else { throw Failure(.crypto, function: "RAND_bytes") }
    let sealed = try SM2Cipher(der: try SM2Key(point: [0x04] + point).encrypt(session))
    let number = try privateNumber()
    let cipher: [UInt8]? = session.withBytes { key in
      number.withBytes { plain in
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: 48)
        var count: Int32 = 0
        let input = plain.bindMemory(to: UInt8.self).baseAddress
        guard
          EVP_EncryptInit_ex(context, EVP_sm4_ecb(), nil, key.bindMemory(to: UInt8.self).baseAddress, nil) == 1,
          EVP_CIPHER_CTX_set_padding(context, 0) == 1,
          EVP_EncryptUpdate(context, &output, &count, input, 32) == 1, count == 32
        else { return nil }
        return Array(output.prefix(32))
      }
    }
    guard let cipher else { throw Failure(.crypto, function: "SM4-ECB") }
    return try EnvelopedKey(
      algorithm: .sm4, sessionPoint: sealed.point, sessionHash: sealed.hash, sessionCipher: sealed.text,
      point: Array(try self.point().dropFirst()), privateCipher: cipher)
  }

  /// The private key encrypted to another SM2 key, for keeping; SM2Cipher, DER. - Throws: `UK-440`, `UK-901`.
  package func escrow(to keeper: SM2Key) throws(Failure) -> [UInt8] { try keeper.encrypt(try privateNumber()) }

  /// d, 32 bytes big-endian.
  private func privateNumber() throws(Failure) -> SecretBytes {
    var number: OpaquePointer?
    defer { BN_clear_free(number) }
    guard EVP_PKEY_get_bn_param(pointer, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1, let number else {
      ERR_clear_error()
      throw Failure(.crypto, function: "EVP_PKEY_get_bn_param")
    }
    var bytes = try SecretBytes()
    let isWritten = bytes.fill { room in
      BN_bn2binpad(number, room.baseAddress?.assumingMemoryBound(to: UInt8.self), 32) == 32 ? 32 : nil
    }
    guard isWritten else { throw Failure(.crypto, function: "BN_bn2binpad") }
    return bytes
  }
}
