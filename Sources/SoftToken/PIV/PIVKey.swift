import COpenSSL
import Failures

/// A private key of the card and what GENERAL AUTHENTICATE does with it (SP 800-73-4 part 2, appendix A).
struct PIVKey {
  let kind: TestKeyKind
  let key: PrivateKey

  init(kind: TestKeyKind, key: PrivateKey) {
    self.kind = kind
    self.key = key
  }

  init(_ entry: PIVState.Key) throws(Failure) {
    guard let kind = Self.kind(entry.algorithm) else { throw Failure(.softTokenState, context: "key algorithm") }
    self.init(kind: kind, key: try PrivateKey(pkcs8: entry.pkcs8))
  }

  static func kind(_ algorithm: UInt8) -> TestKeyKind? {
    switch algorithm {
    case PIVAlgorithm.rsa2048: .rsa2048
    case PIVAlgorithm.p256: .p256
    case PIVAlgorithm.p384: .p384
    case PIVAlgorithm.ed25519: .ed25519
    default: nil
    }
  }

  /// Nil for a kind PIV does not have.
  static func algorithm(_ kind: TestKeyKind) -> UInt8? {
    switch kind {
    case .rsa2048: PIVAlgorithm.rsa2048
    case .p256: PIVAlgorithm.p256
    case .p384: PIVAlgorithm.p384
    case .ed25519: PIVAlgorithm.ed25519
    case .sm2: nil
    }
  }

  /// RSA: the private operation on a block padded by the terminal, 256 bytes, for signing and decrypting alike.
  /// Elliptic curves: ECDSA of a digest, DER; Ed25519 of the message.
  ///
  /// - Throws: `UK-901` when the challenge does not fit the key.
  func sign(_ challenge: [UInt8]) throws(Failure) -> [UInt8] {
    if kind == .ed25519 { return try signMessage(challenge) }
    let isRSA = kind == .rsa2048
    guard isRSA ? challenge.count == 256 : challenge.count <= 64 else { throw Failure(.crypto, context: "length") }
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
      throw opensslFailure("EVP_PKEY_CTX_new_from_pkey")
    }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_sign_init(context) == 1 else { throw opensslFailure("EVP_PKEY_sign_init") }
    if isRSA {
      guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 else {
        throw opensslFailure("EVP_PKEY_CTX_set_rsa_padding")
      }
    }
    return try Self.output("EVP_PKEY_sign") { EVP_PKEY_sign(context, $0, $1, challenge, challenge.count) }
  }

  private func signMessage(_ message: [UInt8]) throws(Failure) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw opensslFailure("EVP_MD_CTX_new") }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key.pointer, nil) == 1 else {
      throw opensslFailure("EVP_DigestSignInit_ex")
    }
    return try Self.output("EVP_DigestSign") { EVP_DigestSign(context, $0, $1, message, message.count) }
  }

  /// ECDH: the X coordinate of the product with the other side's point (04‖X‖Y).
  ///
  /// - Throws: `UK-901` for an RSA key or a point not on the curve.
  func agree(with point: [UInt8]) throws(Failure) -> [UInt8] {
    guard kind != .rsa2048, let peer = EVP_PKEY_new() else { throw Failure(.crypto, context: "key agreement") }
    defer { EVP_PKEY_free(peer) }
    guard
      EVP_PKEY_copy_parameters(peer, key.pointer) == 1,
      EVP_PKEY_set1_encoded_public_key(peer, point, point.count) == 1
    else { throw opensslFailure("EVP_PKEY_set1_encoded_public_key") }
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
      throw opensslFailure("EVP_PKEY_CTX_new_from_pkey")
    }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer) == 1 else {
      throw opensslFailure("EVP_PKEY_derive_set_peer")
    }
    return try Self.output("EVP_PKEY_derive") { EVP_PKEY_derive(context, $0, $1) }
  }

  /// Modulus (81) and exponent (82), or the point or Ed25519's 32 bytes (86) (part 2, table 11).
  func publicKey() throws(Failure) -> [UInt8] {
    if kind == .ed25519 {
      var bytes = [UInt8](repeating: 0, count: 32)
      var count = bytes.count
      guard EVP_PKEY_get_raw_public_key(key.pointer, &bytes, &count) == 1 else {
        throw opensslFailure("EVP_PKEY_get_raw_public_key")
      }
      return PIVTLV.encode(0x86, Array(bytes.prefix(count)))
    }
    guard kind == .rsa2048 else {
      var point: UnsafeMutablePointer<UInt8>?
      let length = EVP_PKEY_get1_encoded_public_key(key.pointer, &point)
      guard length > 0, let point else { throw opensslFailure("EVP_PKEY_get1_encoded_public_key") }
      defer { ukey_OPENSSL_free(point) }
      return PIVTLV.encode(0x86, Array(UnsafeBufferPointer(start: point, count: length)))
    }
    return PIVTLV.encode(0x81, try number(OSSL_PKEY_PARAM_RSA_N))
      + PIVTLV.encode(0x82, try number(OSSL_PKEY_PARAM_RSA_E))
  }

  private func number(_ name: String) throws(Failure) -> [UInt8] {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key.pointer, name, &number) == 1, let number else {
      throw opensslFailure("EVP_PKEY_get_bn_param", context: name)
    }
    defer { BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
    guard BN_bn2bin(number, &bytes) == Int32(bytes.count) else { throw opensslFailure("BN_bn2bin") }
    return bytes
  }

  /// Calls an OpenSSL function once for the length and once for the bytes.
  private static func output(
    _ function: String, _ call: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32
  ) throws(Failure) -> [UInt8] {
    var length = 0
    guard call(nil, &length) == 1, length > 0 else { throw opensslFailure(function) }
    var bytes = [UInt8](repeating: 0, count: length)
    guard bytes.withUnsafeMutableBufferPointer({ call($0.baseAddress, &length) }) == 1 else {
      throw opensslFailure(function)
    }
    return Array(bytes.prefix(length))
  }
}

/// The block cipher of key 9B, one block at a time.
struct PIVCipher {
  private let name: String
  private let key: [UInt8]
  let blockLength: Int

  /// Nil when the algorithm is not a cipher or the key's length is not its own.
  init?(algorithm: UInt8, key: [UInt8]) {
    let length: Int
    switch algorithm {
    case PIVAlgorithm.tripleDES: (name, length, blockLength) = ("DES-EDE3-ECB", 24, 8)
    case PIVAlgorithm.aes128: (name, length, blockLength) = ("AES-128-ECB", 16, 16)
    case PIVAlgorithm.aes192: (name, length, blockLength) = ("AES-192-ECB", 24, 16)
    case PIVAlgorithm.aes256: (name, length, blockLength) = ("AES-256-ECB", 32, 16)
    default: return nil
    }
    guard key.count == length else { return nil }
    self.key = key
  }

  static func random(_ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw opensslFailure("RAND_bytes") }
    return bytes
  }

  func encrypt(_ block: [UInt8]) throws(Failure) -> [UInt8] {
    guard let cipher = EVP_CIPHER_fetch(nil, name, nil) else { throw opensslFailure("EVP_CIPHER_fetch", context: name) }
    defer { EVP_CIPHER_free(cipher) }
    guard let context = EVP_CIPHER_CTX_new() else { throw opensslFailure("EVP_CIPHER_CTX_new") }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_EncryptInit_ex2(context, cipher, key, nil, nil) == 1, EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
      throw opensslFailure("EVP_EncryptInit_ex2")
    }
    var bytes = [UInt8](repeating: 0, count: block.count + blockLength)
    var length: Int32 = 0
    guard EVP_EncryptUpdate(context, &bytes, &length, block, Int32(block.count)) == 1 else {
      throw opensslFailure("EVP_EncryptUpdate")
    }
    return Array(bytes.prefix(Int(length)))
  }
}
