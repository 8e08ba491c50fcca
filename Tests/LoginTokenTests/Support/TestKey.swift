import COpenSSL
import SoftToken

/// A private key in the test's own hands, made and used by OpenSSL directly.
final class TestKey {
  let kind: TestKeyKind
  private let key: OpaquePointer

  init(_ kind: TestKeyKind) throws {
    self.kind = kind
    let name =
      switch kind {
      case .rsa2048: "RSA"
      case .sm2: "SM2"
      case .p256, .p384: "EC"
      case .ed25519: "ED25519"
      }
    let context = try require(EVP_PKEY_CTX_new_from_name(nil, name, nil))
    defer { EVP_PKEY_CTX_free(context) }
    EVP_PKEY_keygen_init(context)
    switch kind {
    case .rsa2048: EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048)
    case .sm2: EVP_PKEY_CTX_set_group_name(context, "SM2")
    case .p256: EVP_PKEY_CTX_set_group_name(context, "P-256")
    case .p384: EVP_PKEY_CTX_set_group_name(context, "P-384")
    case .ed25519: break
    }
    var made: OpaquePointer?
    EVP_PKEY_generate(context, &made)
    key = try require(made)
  }

  deinit { EVP_PKEY_free(key) }

  var pkcs8: [UInt8] {
    get throws {
      let info = try require(EVP_PKEY2PKCS8(key))
      defer { PKCS8_PRIV_KEY_INFO_free(info) }
      var bytes = [UInt8](repeating: 0, count: Int(i2d_PKCS8_PRIV_KEY_INFO(info, nil)))
      bytes.withUnsafeMutableBufferPointer { buffer in
        var cursor = buffer.baseAddress
        _ = i2d_PKCS8_PRIV_KEY_INFO(info, &cursor)
      }
      return bytes
    }
  }

  /// As a key on a token signs: SM2 with Z and the usual ID, PKCS#1 v1.5 for RSA.
  func sign(_ message: [UInt8], digest: String? = nil) throws -> [UInt8] {
    let context = try require(EVP_MD_CTX_new())
    defer { EVP_MD_CTX_free(context) }
    let keyContext = try require(EVP_PKEY_CTX_new_from_pkey(nil, key, nil))
    defer { EVP_PKEY_CTX_free(keyContext) }
    EVP_MD_CTX_set_pkey_ctx(context, keyContext)
    let usual = kind == .sm2 ? "SM3" : kind == .p384 ? "SHA384" : "SHA256"
    try requireOne(EVP_DigestSignInit_ex(context, nil, digest ?? usual, nil, nil, key, nil))
    if kind == .sm2 {
      let id = Array("1234567812345678".utf8)
      try requireOne(EVP_PKEY_CTX_set1_id(keyContext, id, Int32(id.count)))
    }
    var count = 0
    try requireOne(EVP_DigestSign(context, nil, &count, message, message.count))
    var signature = [UInt8](repeating: 0, count: count)
    try requireOne(EVP_DigestSign(context, &signature, &count, message, message.count))
    return Array(signature.prefix(count))
  }
}

struct OpenSSLFailed: Error {}

func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw OpenSSLFailed() }
  return value
}

func requireOne(_ result: Int32) throws {
  guard result == 1 else { throw OpenSSLFailed() }
}
