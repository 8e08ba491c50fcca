internal import Base
internal import COpenSSL
package import Failures
package import TokenKit

/// SM2 as OpenSSL has it (GM/T 0003, GB/T 32918): keys, encryption, signatures. Nothing of it is computed here.
///
/// Unchecked because OpenSSL counts references atomically and nothing changes a key after `init`.
package final class SM2Key: @unchecked Sendable {
  let pointer: OpaquePointer

  private static let isStarted = ukey_openssl_start() == 1
  /// The identity of every signer (GM/T 0009).
  private static let identity = Array("1234567812345678".utf8)
  /// Bytes of an uncompressed point: 04 ‖ X ‖ Y.
  static let pointSize = 65

  private init(taking pointer: OpaquePointer) { self.pointer = pointer }

  deinit { EVP_PKEY_free(pointer) }

  private static func call<Value>(_ function: String, _ body: () -> Value?) throws(Failure) -> Value {
    guard isStarted else { throw Failure(.crypto, function: "OPENSSL_init_crypto") }
    ERR_clear_error()
    defer { ERR_clear_error() }
    if let value = body() { return value }
    let number = ERR_peek_error()
    throw Failure(.crypto, function: function, number: number == 0 ? nil : .openssl(number))
  }

  /// A new pair. - Throws: `UK-901`.
  package static func generate() throws(Failure) -> SM2Key {
    SM2Key(
      taking: try call("EVP_PKEY_generate") {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "SM2", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_generate(context, &key) == 1 else { return nil }
        return key
      })
  }

  /// A public key from its point. - Throws: `UK-901` when it is none of the curve.
  package init(point: [UInt8]) throws(Failure) {
    pointer = try Self.call("d2i_PUBKEY") {
      guard point.count == Self.pointSize, point[0] == 0x04 else { return nil }
      return (Self.publicKeyHeader + point).withUnsafeBufferPointer { bytes in
        var cursor = bytes.baseAddress
        guard let key = d2i_PUBKEY(nil, &cursor, bytes.count) else { return nil }
        // On the curve, and not the point at infinity.
        guard EVP_PKEY_is_a(key, "SM2") == 1, let check = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
          EVP_PKEY_free(key)
          return nil
        }
        defer { EVP_PKEY_CTX_free(check) }
        if EVP_PKEY_public_check(check) == 1 { return key }
        EVP_PKEY_free(key)
        return nil
      }
    }
  }

  /// SubjectPublicKeyInfo up to the point: SEQUENCE { SEQUENCE { id-ecPublicKey, 1.2.156.10197.1.301 }, BIT STRING }.
  private static let publicKeyHeader: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF,
    0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00,
  ]

  /// A private key from a PEM file's bytes; one under a passphrase is refused and nothing is asked.
  ///
  /// - Throws: `UK-901` when it is none, or none of SM2.
  package init(pem: borrowing SecretBytes) throws(Failure) {
    pointer = try pem.withBytes { bytes throws(Failure) in
      try Self.call("PEM_read_bio_PrivateKey") {
        guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
        defer { BIO_free(source) }
        guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil) else { return nil }
        guard EVP_PKEY_is_a(key, "SM2") == 1 else {
          EVP_PKEY_free(key)
          return nil
        }
        return key
      }
    }
  }

  /// A private key from a PEM file's bytes that is under a passphrase (PKCS#8).
  ///
  /// - Throws: `UK-901` when it is none of SM2, or the passphrase another.
  package init(sealed pem: borrowing SecretBytes, passphrase: borrowing PIN) throws(Failure) {
    pointer = try pem.withBytes { bytes throws(Failure) in
      try passphrase.withBytes { secret throws(Failure) in
        var secret = secret
        return try Self.call("PEM_read_bio_PrivateKey") {
          guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
          defer { BIO_free(source) }
          let give: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
            room, size, _, given in
            guard let room, let secret = given?.assumingMemoryBound(to: UnsafeRawBufferPointer.self).pointee,
              secret.count <= Int(size)
            else { return -1 }
            UnsafeMutableRawBufferPointer(start: room, count: secret.count).copyMemory(from: secret)
            return Int32(secret.count)
          }
          guard let key = PEM_read_bio_PrivateKey(source, nil, give, &secret) else { return nil }
          guard EVP_PKEY_is_a(key, "SM2") == 1 else {
            EVP_PKEY_free(key)
            return nil
          }
          return key
        }
      }
    }
  }

  /// The private key as PKCS#8 in PEM under a passphrase: scrypt and AES-256. - Throws: `UK-901`.
  package func sealedPEM(_ passphrase: borrowing PIN) throws(Failure) -> [UInt8] {
    try passphrase.withBytes { secret throws(Failure) in
      try Self.call("PKCS8_set0_pbe") {
        guard let sink = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(sink) }
        let text = secret.bindMemory(to: CChar.self).baseAddress
        guard ukey_write_sealed_key(sink, pointer, text, Int32(clamping: secret.count)) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: SecretBytes.capacity)
        let count = BIO_read(sink, &bytes, Int32(clamping: bytes.count))
        return count > 0 ? Array(bytes.prefix(Int(count))) : nil
      }
    }
  }

  /// The private key as PKCS#8 in PEM, in locked memory. - Throws: `UK-440`, `UK-901`.
  package func pem() throws(Failure) -> SecretBytes {
    var secret = try SecretBytes()
    let isWritten = try Self.call("PEM_write_bio_PrivateKey") { () -> Bool? in
      guard let sink = BIO_new(BIO_s_secmem()) else { return nil }
      defer { BIO_free(sink) }
      guard PEM_write_bio_PKCS8PrivateKey(sink, pointer, nil, nil, 0, nil, nil) == 1 else { return nil }
      return secret.fill { room in
        let count = BIO_read(sink, room.baseAddress, Int32(clamping: room.count))
        return count > 0 ? Int(count) : nil
      }
    }
    guard isWritten else { throw Failure(.crypto, function: "BIO_read") }
    return secret
  }

  /// 04 ‖ X ‖ Y. - Throws: `UK-901`.
  package func point() throws(Failure) -> [UInt8] {
    try Self.call("EVP_PKEY_get_octet_string_param") {
      var bytes = [UInt8](repeating: 0, count: 2 * Self.pointSize)
      var count = 0
      guard
        EVP_PKEY_get_octet_string_param(pointer, OSSL_PKEY_PARAM_PUB_KEY, &bytes, bytes.count, &count) == 1,
        count == Self.pointSize, bytes[0] == 0x04
      else { return nil }
      return Array(bytes.prefix(count))
    }
  }

  /// SM2Cipher of GM/T 0009 §7.2 (DER), with SM3. - Throws: `UK-901`.
  package func encrypt(_ plain: borrowing SecretBytes) throws(Failure) -> [UInt8] {
    try plain.withBytes { bytes throws(Failure) in
      try Self.call("EVP_PKEY_encrypt") {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        let input = bytes.bindMemory(to: UInt8.self).baseAddress
        var count = 0
        guard EVP_PKEY_encrypt_init(context) == 1,
          EVP_PKEY_encrypt(context, nil, &count, input, bytes.count) == 1, count > 0
        else { return nil }
        var output = [UInt8](repeating: 0, count: count)
        guard EVP_PKEY_encrypt(context, &output, &count, input, bytes.count) == 1, count <= output.count else {
          return nil
        }
        return Array(output.prefix(count))
      }
    }
  }

  /// - Throws: `UK-440`, `UK-901` when it was not encrypted to this key, or altered.
  package func decrypt(_ cipher: [UInt8]) throws(Failure) -> SecretBytes {
    var plain = try SecretBytes()
    let isOpen = try Self.call("EVP_PKEY_decrypt") { () -> Bool? in
      guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return nil }
      defer { EVP_PKEY_CTX_free(context) }
      guard EVP_PKEY_decrypt_init(context) == 1 else { return nil }
      let isFilled = plain.fill { room in
        var count = room.count
        let output = room.bindMemory(to: UInt8.self).baseAddress
        return EVP_PKEY_decrypt(context, output, &count, cipher, cipher.count) == 1 ? count : nil
      }
      return isFilled ? true : nil
    }
    guard isOpen else { throw Failure(.crypto, function: "EVP_PKEY_decrypt") }
    return plain
  }

  /// SM2 with SM3 over `message` as DER. - Throws: `UK-901`.
  package func sign(_ message: [UInt8]) throws(Failure) -> [UInt8] {
    try Self.call("EVP_DigestSign") {
      guard let context = EVP_MD_CTX_new() else { return nil }
      defer { EVP_MD_CTX_free(context) }
      guard let keyContext = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return nil }
      defer { EVP_PKEY_CTX_free(keyContext) }
      guard EVP_PKEY_CTX_set1_id(keyContext, Self.identity, Int32(Self.identity.count)) == 1 else { return nil }
      EVP_MD_CTX_set_pkey_ctx(context, keyContext)
      var count = 128
      var signature = [UInt8](repeating: 0, count: count)
      guard EVP_DigestSignInit(context, nil, EVP_sm3(), nil, pointer) == 1,
        EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count <= signature.count
      else { return nil }
      return Array(signature.prefix(count))
    }
  }
}
