internal import COpenSSL
package import Failures

/// A try of an encryption pair: a random SM4 key encrypted to it, and a random block encrypted under that key. Who has the
/// private half can make the same of the block.
package struct SessionKeyTrial: Sendable {
  package let cipher: SM2Cipher
  /// 16 bytes.
  package let block: [UInt8]
  /// SM4-ECB of the block.
  package let expected: [UInt8]

  /// - Throws: `UK-220` when the key is not SM2, `UK-901`.
  package init(to key: PublicKeyInfo) throws(Failure) {
    var random = [UInt8](repeating: 0, count: 32)
    _ = try OpenSSL.call("RAND_bytes") { RAND_bytes(&random, 32) == 1 ? true : nil }
    let session = Array(random[..<16])
    block = Array(random[16...])
    cipher = try SM2Cipher(der: try key.encryptSM2(session))
    expected = try sm4(block, key: session)
  }
}

/// SM4-ECB (GB/T 32907) of whole blocks, without padding.
func sm4(_ input: [UInt8], key: [UInt8]) throws(Failure) -> [UInt8] {
  try OpenSSL.call("EVP_EncryptUpdate") {
    guard key.count == 16, input.count % 16 == 0, let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: input.count + 16)
    var count: Int32 = 0
    guard EVP_EncryptInit_ex(context, EVP_sm4_ecb(), nil, key, nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      EVP_EncryptUpdate(context, &output, &count, input, Int32(clamping: input.count)) == 1, count == input.count
    else { return nil }
    return Array(output.prefix(input.count))
  }
}
