internal import COpenSSL
internal import CSecretHeap
internal import Failures

/// The key that a GM/T 0017 PIN stands for, and what PIN commands make with it: protected block, MAC. Key and plain
/// blocks live in locked memory only; what is returned is cipher text.
struct GMPINKey: ~Copyable {
  static let blockSize = 16

  private let key: LockedMemory
  let plain: LockedMemory
  /// SM4-ECB under the key. Its round keys, which are as good as the key, lie in locked memory too; freeing it wipes them.
  private let context: OpaquePointer

  /// The first 16 bytes of SHA-1 over the PIN filled with 00 to 16 bytes.
  ///
  /// - Throws: `UK-403` when the PIN has more than 16 bytes, `UK-440`, `UK-901`.
  init(_ pin: borrowing PIN) throws(Failure) {
    ukey_openssl_start()
    let key = try LockedMemory()
    let plain = try LockedMemory()
    let count = pin.count
    guard count <= Self.blockSize else { throw Failure(.pinRule, context: "16") }
    pin.withBytes { bytes in
      for index in 0..<count { plain[index] = bytes[index] }
    }
    // The digest is 20 bytes; the last four lie behind the key in the same locked page.
    var length = UInt32(0)
    guard
      EVP_Digest(plain.base, Self.blockSize, key.base.assumingMemoryBound(to: UInt8.self), &length, EVP_sha1(), nil)
        == 1
    else { throw Self.failure("EVP_Digest") }
    plain.wipe()
    // Fetched before: what OpenSSL keeps of it for others is not to take up the locked memory.
    guard let cipher = EVP_CIPHER_fetch(nil, "SM4-ECB", nil) else { throw Self.failure("EVP_CIPHER_fetch") }
    defer { EVP_CIPHER_free(cipher) }
    SecretHeap.prepare()
    ukey_secret_heap_enter()
    defer { ukey_secret_heap_leave() }
    guard let context = EVP_CIPHER_CTX_new() else { throw Self.failure("EVP_CIPHER_CTX_new") }
    guard
      EVP_EncryptInit_ex(context, cipher, nil, key.base.assumingMemoryBound(to: UInt8.self), nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else {
      EVP_CIPHER_CTX_free(context)
      throw Self.failure("EVP_EncryptInit_ex")
    }
    self.key = key
    self.plain = plain
    self.context = context
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  /// VerifyPIN: the challenge in the form's block, encrypted (SM4-ECB).
  func authentication(
    challenge: [UInt8], _ block: GMProfile.AuthenticationBlock
  ) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.blockSize)
    switch block {
    case .lengthPrefixed:
      bytes[0] = UInt8(truncatingIfNeeded: challenge.count)
      bytes.replaceSubrange(2..<2 + min(challenge.count, 8), with: challenge.prefix(8))
      bytes[10] = 0x80
    case .zeroFilled:
      bytes.replaceSubrange(0..<min(challenge.count, 8), with: challenge.prefix(8))
    }
    return try encrypt(bytes)
  }

  /// ChangePIN (key from the old PIN) and UnblockPIN (key from the administrator PIN): the data field
  /// `AppID | encrypted new PIN | MAC[4]`.
  ///
  /// - Parameter header: CLA INS P1 P2 of the command.
  func protectedPIN(
    new: borrowing PIN, challenge: [UInt8], applicationID: [UInt8], header: [UInt8], _ form: GMProfile.NewPINBlock
  ) throws(Failure) -> [UInt8] {
    if form == .measured { return try measuredPIN(new, challenge, applicationID) }
    let count = new.count
    for index in 0..<Self.blockSize { plain[index] = 0 }
    defer { for index in 0..<Self.blockSize { plain[index] = 0 } }
    new.withBytes { bytes in
      for index in 0..<min(count, Self.blockSize) { plain[index] = bytes[index] }
    }
    let data = applicationID + (try encrypt(plain.bytes(Self.blockSize)))
    return data + (try mac(header: header, data: data, challenge: challenge))
  }

  /// The first four bytes of the last block of an SM4 CBC-MAC over header, length without the MAC, `00 00` and data; initial
  /// value the challenge filled with 00, padding 80 00 …
  private func mac(header: [UInt8], data: [UInt8], challenge: [UInt8]) throws(Failure) -> [UInt8] {
    let length = [UInt8(truncatingIfNeeded: data.count >> 8), UInt8(truncatingIfNeeded: data.count)]
    var message = header + length + [0, 0] + data
    message.append(0x80)
    while message.count % Self.blockSize != 0 { message.append(0) }
    var chain = Array((challenge + [UInt8](repeating: 0, count: Self.blockSize)).prefix(Self.blockSize))
    for start in stride(from: 0, to: message.count, by: Self.blockSize) {
      for index in 0..<Self.blockSize { chain[index] ^= message[start + index] }
      chain = try encrypt(chain)
    }
    return Array(chain.prefix(4))
  }

  /// SM4-ECB over whole blocks that are no secret.
  private func encrypt(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: bytes.count + Self.blockSize)
    var written = Int32(0)
    guard
      EVP_EncryptUpdate(context, &output, &written, bytes, Int32(bytes.count)) == 1, Int(written) == bytes.count
    else { throw Self.failure("EVP_EncryptUpdate") }
    output.removeLast(output.count - bytes.count)
    return output
  }

  /// SM4-ECB over whole blocks in locked memory.
  func encrypt(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: bytes.count + Self.blockSize)
    var written = Int32(0)
    guard
      EVP_EncryptUpdate(
        context, &output, &written, bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count)) == 1,
      Int(written) == bytes.count
    else { throw Self.failure("EVP_EncryptUpdate") }
    output.removeLast(output.count - bytes.count)
    return output
  }

  private static func failure(_ function: String) -> Failure {
    let number = ERR_get_error()
    ERR_clear_error()
    return Failure(.crypto, function: function, number: .openssl(UInt(number)))
  }
}
