import COpenSSL
import Failures

/// The error OpenSSL queued last, as a `Failure`; empties the queue so that it cannot be blamed on a later call.
func opensslFailure(_ function: String, context: String? = nil) -> Failure {
  let number = ERR_peek_last_error()
  ERR_clear_error()
  return Failure(.crypto, function: function, number: number == 0 ? nil : .openssl(UInt(number)), context: context)
}

/// Runs an `i2d_…` style writer: called once for the length and once with a place to write.
func derBytes(
  _ function: String, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) throws(Failure) -> [UInt8] {
  let length = encode(nil)
  guard length > 0 else { throw opensslFailure(function) }
  var bytes = [UInt8](repeating: 0, count: Int(length))
  let written = bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
    var cursor = buffer.baseAddress
    return encode(&cursor)
  }
  guard written == length else { throw opensslFailure(function) }
  return bytes
}

/// An `EVP_PKEY` this object owns.
final class PrivateKey {
  let pointer: OpaquePointer

  /// Takes over `pointer`.
  init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit {
    EVP_PKEY_free(pointer)
  }

  /// Generates a key pair. SM2, P-256 and P-384 take well under a millisecond; RSA-2048 takes 50 to several 100 ms.
  static func generate(_ kind: TestKeyKind) throws(Failure) -> PrivateKey {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, kind.algorithmName, nil) else {
      throw opensslFailure("EVP_PKEY_CTX_new_from_name")
    }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_keygen_init(context) == 1 else { throw opensslFailure("EVP_PKEY_keygen_init") }
    if let group = kind.groupName {
      guard EVP_PKEY_CTX_set_group_name(context, group) == 1 else {
        throw opensslFailure("EVP_PKEY_CTX_set_group_name", context: group)
      }
    } else if kind == .rsa2048 {
      guard EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1 else {
        throw opensslFailure("EVP_PKEY_CTX_set_rsa_keygen_bits")
      }
    }
    var key: OpaquePointer?
    guard EVP_PKEY_generate(context, &key) == 1, let key else { throw opensslFailure("EVP_PKEY_generate") }
    return PrivateKey(owning: key)
  }

  /// Reads an unencrypted PKCS#8 `PrivateKeyInfo` (RFC 5208).
  ///
  /// - Throws: `UK-901` when it is not one.
  convenience init(pkcs8 der: [UInt8]) throws(Failure) {
    let key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      guard let info = d2i_PKCS8_PRIV_KEY_INFO(nil, &cursor, buffer.count) else { return nil }
      defer { PKCS8_PRIV_KEY_INFO_free(info) }
      return EVP_PKCS82PKEY(info)
    }
    guard let key else { throw opensslFailure("EVP_PKCS82PKEY") }
    self.init(owning: key)
  }

  /// PKCS#8 `PrivateKeyInfo`, DER, not encrypted.
  func pkcs8() throws(Failure) -> [UInt8] {
    guard let info = EVP_PKEY2PKCS8(pointer) else { throw opensslFailure("EVP_PKEY2PKCS8") }
    defer { PKCS8_PRIV_KEY_INFO_free(info) }
    return try derBytes("i2d_PKCS8_PRIV_KEY_INFO") { i2d_PKCS8_PRIV_KEY_INFO(info, $0) }
  }
}

extension TestKeyKind {
  /// OpenSSL's name of the key type.
  var algorithmName: String {
    switch self {
    case .sm2: "SM2"
    case .rsa2048: "RSA"
    case .p256, .p384: "EC"
    case .ed25519: "ED25519"
    }
  }

  /// OpenSSL's name of the curve; nil where the kind says it all.
  var groupName: String? {
    switch self {
    case .sm2: "SM2"
    case .rsa2048, .ed25519: nil
    case .p256: "P-256"
    case .p384: "P-384"
    }
  }

  /// The digest its signatures use here; nil where the algorithm brings its own.
  var digestName: String? {
    switch self {
    case .ed25519: nil
    case .sm2: "SM3"
    case .rsa2048, .p256: "SHA256"
    case .p384: "SHA384"
    }
  }
}
