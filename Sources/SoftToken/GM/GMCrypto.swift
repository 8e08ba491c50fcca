import COpenSSL

/// The card's cryptography: SM4 blocks, the PIN key, the MAC, signatures.
enum GMCrypto {
  /// Key of a PIN: the first 16 bytes of SHA-1 over the PIN filled with zeros to 16 bytes.
  ///
  /// - Parameter pin: at most 16 bytes; wipe it afterwards.
  static func pinKey(_ pin: [UInt8]) throws(GMStatus) -> [UInt8] {
    var padded: [UInt8] = []
    padded.reserveCapacity(16)
    padded.append(pin, width: 16)
    defer { wipe(&padded) }
    return Array(try digest(padded, EVP_sha1()).prefix(16))
  }

  /// SM4-ECB of whole blocks (GB/T 32907).
  static func sm4(_ input: [UInt8], key: [UInt8], encrypt: Bool) throws(GMStatus) -> [UInt8] {
    try cipher(input, EVP_sm4_ecb(), key: key, iv: nil, encrypt: encrypt)
  }

  /// First 4 bytes of the last block of SM4-CBC over `message | 80 00 …`, IV = `random | 00 × 8`.
  static func mac(_ message: [UInt8], key: [UInt8], random: [UInt8]) throws(GMStatus) -> [UInt8] {
    var iv: [UInt8] = []
    iv.append(random, width: 16)
    var padded = message + [0x80]
    padded.append([], width: (16 - padded.count % 16) % 16)
    let chain = try cipher(padded, EVP_sm4_cbc(), key: key, iv: iv, encrypt: true)
    return Array(chain.suffix(16).prefix(4))
  }

  static func digest(_ message: [UInt8], _ algorithm: OpaquePointer?) throws(GMStatus) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard EVP_Digest(message, message.count, &output, &length, algorithm, nil) == 1 else { throw .algorithmError }
    return Array(output.prefix(Int(length)))
  }

  static func random(_ count: Int) throws(GMStatus) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return bytes }
    guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .algorithmError }
    return bytes
  }

  /// Compares in time that does not depend on the contents.
  static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
  }

  static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
  }

  private static func cipher(
    _ input: [UInt8], _ algorithm: OpaquePointer?, key: [UInt8], iv: [UInt8]?, encrypt: Bool
  ) throws(GMStatus) -> [UInt8] {
    guard key.count == 16, input.count % 16 == 0, let context = EVP_CIPHER_CTX_new() else { throw .algorithmError }
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: input.count + 16)
    var length: Int32 = 0
    guard
      EVP_CipherInit_ex(context, algorithm, nil, key, iv, encrypt ? 1 : 0) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      EVP_CipherUpdate(context, &output, &length, input, Int32(input.count)) == 1,
      length == input.count
    else { throw .algorithmError }
    return Array(output.prefix(input.count))
  }
}

/// A private key inside the card.
struct GMKey {
  private let key: PrivateKey

  /// - Throws: 6F00 when the stored key cannot be read.
  init(pkcs8: [UInt8]) throws(GMStatus) {
    do {
      key = try PrivateKey(pkcs8: pkcs8)
    } catch { throw .algorithmError }
  }

  var pointer: OpaquePointer { key.pointer }

  /// X and Y, 32 bytes each.
  func ellipticPoint() throws(GMStatus) -> [UInt8] {
    var point = [UInt8](repeating: 0, count: 133)
    var length = 0
    guard
      EVP_PKEY_get_octet_string_param(key.pointer, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &length) == 1,
      length == 65, point[0] == 4
    else { throw .algorithmError }
    return Array(point[1..<65])
  }

  /// Modulus and public exponent, big-endian; the exponent fills 4 bytes.
  func rsaPublicKey() throws(GMStatus) -> (modulus: [UInt8], exponent: [UInt8]) {
    (try number(OSSL_PKEY_PARAM_RSA_N, width: nil), try number(OSSL_PKEY_PARAM_RSA_E, width: 4))
  }

  /// SM2 signature of the digest `e`: r and s, 32 bytes each (GB/T 32918.2).
  func signSM2(digest: [UInt8]) throws(GMStatus) -> [UInt8] {
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else { throw .signFailed }
    defer { EVP_PKEY_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 128)
    var length = signature.count
    guard
      EVP_PKEY_sign_init(context) == 1,
      EVP_PKEY_sign(context, &signature, &length, digest, digest.count) == 1
    else { throw .signFailed }
    return try Self.raw(Array(signature.prefix(length)))
  }

  /// SM2 signature of a message for the given ID; the card computes Z and SM3.
  func signSM2(message: [UInt8], id: [UInt8]) throws(GMStatus) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw .signFailed }
    defer { EVP_MD_CTX_free(context) }
    var keyContext: OpaquePointer?
    guard
      EVP_DigestSignInit(context, &keyContext, EVP_sm3(), nil, key.pointer) == 1,
      EVP_PKEY_CTX_set1_id(keyContext, id, Int32(id.count)) == 1
    else { throw .signFailed }
    var signature = [UInt8](repeating: 0, count: 128)
    var length = signature.count
    guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else { throw .signFailed }
    return try Self.raw(Array(signature.prefix(length)))
  }

  /// PKCS#1 v1.5 signature of `block` as it is: no DigestInfo is added.
  func signRSA(_ block: [UInt8]) throws(GMStatus) -> [UInt8] {
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else { throw .signFailed }
    defer { EVP_PKEY_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 1024)
    var length = signature.count
    guard
      EVP_PKEY_sign_init(context) == 1,
      EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1,
      EVP_PKEY_sign(context, &signature, &length, block, block.count) == 1
    else { throw .signFailed }
    return Array(signature.prefix(length))
  }

  private func number(_ name: String, width: Int?) throws(GMStatus) -> [UInt8] {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key.pointer, name, &number) == 1, let number else { throw .algorithmError }
    defer { BN_free(number) }
    let size = width ?? Int((BN_num_bits(number) + 7) / 8)
    var bytes = [UInt8](repeating: 0, count: size)
    guard BN_bn2binpad(number, &bytes, Int32(size)) == Int32(size) else { throw .algorithmError }
    return bytes
  }

  /// `SEQUENCE { r, s }` to r[32] | s[32].
  private static func raw(_ der: [UInt8]) throws(GMStatus) -> [UInt8] {
    let pair = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      return d2i_ECDSA_SIG(nil, &cursor, buffer.count)
    }
    guard let pair else { throw .signFailed }
    defer { ECDSA_SIG_free(pair) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let filled = bytes.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return false }
      return BN_bn2binpad(ECDSA_SIG_get0_r(pair), base, 32) == 32
        && BN_bn2binpad(ECDSA_SIG_get0_s(pair), base + 32, 32) == 32
    }
    guard filled else { throw .signFailed }
    return bytes
  }
}
