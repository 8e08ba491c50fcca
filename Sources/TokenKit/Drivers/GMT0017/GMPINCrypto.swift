internal import COpenSSL
internal import Failures

/// The cryptography of GM/T 0017 PIN commands: key from the PIN, protected block, MAC. Plain blocks and keys live in
/// locked memory only; what is returned is cipher text.
enum GMPINCrypto {
  static let blockSize = 16

  /// VerifyPIN: the challenge in the form's block, encrypted under the PIN's key (SM4-ECB).
  static func authentication(
    _ pin: borrowing PIN, challenge: [UInt8], _ block: GMProfile.AuthenticationBlock
  ) throws(Failure) -> [UInt8] {
    let key = try LockedMemory()
    try deriveKey(pin, into: key)
    var plain = [UInt8](repeating: 0, count: blockSize)
    switch block {
    case .lengthPrefixed:
      plain[0] = UInt8(truncatingIfNeeded: challenge.count)
      plain.replaceSubrange(2..<2 + min(challenge.count, 8), with: challenge.prefix(8))
      plain[10] = 0x80
    case .zeroFilled:
      plain.replaceSubrange(0..<min(challenge.count, 8), with: challenge.prefix(8))
    }
    return try encrypt(plain, key: key)
  }

  /// ChangePIN (key from the old PIN) and UnblockPIN (key from the administrator PIN): the data field
  /// `AppID | encrypted new PIN | MAC[4]`.
  ///
  /// - Parameter header: CLA INS P1 P2 of the command.
  static func protectedPIN(
    new: borrowing PIN, keyFrom: borrowing PIN, challenge: [UInt8], applicationID: [UInt8], header: [UInt8],
    _ form: GMProfile.NewPINBlock
  ) throws(Failure) -> [UInt8] {
    let key = try LockedMemory()
    try deriveKey(keyFrom, into: key)
    let plain = try LockedMemory()
    let count = new.count
    let start = form == .lengthPrefixed ? 2 : 0
    new.withBytes { bytes in
      for index in 0..<min(count, blockSize) { plain[start + index] = bytes[index] }
    }
    var length = blockSize
    if form == .lengthPrefixed {
      plain[0] = UInt8(blockSize)
      plain[start + blockSize] = 0x80
      length = 2 * blockSize
    }
    let data = applicationID + (try encrypt(plain.bytes(length), key: key))
    return data + (try mac(header: header, data: data, challenge: challenge, key: key, form))
  }

  /// The first four bytes of the last block of an SM4 CBC-MAC over header and data, initial value the challenge filled
  /// with 00, padding 80 00 …
  private static func mac(
    header: [UInt8], data: [UInt8], challenge: [UInt8], key: borrowing LockedMemory, _ form: GMProfile.NewPINBlock
  ) throws(Failure) -> [UInt8] {
    func length(_ count: Int) -> [UInt8] {
      [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    }
    var message = header
    switch form {
    case .lengthPrefixed: message += [0] + length(data.count + 4)
    case .bare: message += length(data.count) + [0, 0]
    }
    message += data
    message.append(0x80)
    while message.count % blockSize != 0 { message.append(0) }
    var chain = Array((challenge + [UInt8](repeating: 0, count: blockSize)).prefix(blockSize))
    for start in stride(from: 0, to: message.count, by: blockSize) {
      let block = (0..<blockSize).map { chain[$0] ^ message[start + $0] }
      chain = try encrypt(block, key: key)
    }
    return Array(chain.prefix(4))
  }

  /// The first 16 bytes of SHA-1 over the PIN filled with 00 to 16 bytes.
  private static func deriveKey(_ pin: borrowing PIN, into key: borrowing LockedMemory) throws(Failure) {
    let padded = try LockedMemory()
    let count = pin.count
    guard count <= blockSize else { throw Failure(.pinRule, context: "16") }
    pin.withBytes { bytes in
      for index in 0..<count { padded[index] = bytes[index] }
    }
    // The digest is 20 bytes; the last four lie behind the key in the same locked page.
    var length = UInt32(0)
    guard
      EVP_Digest(padded.base, blockSize, key.base.assumingMemoryBound(to: UInt8.self), &length, EVP_sha1(), nil) == 1
    else { throw opensslFailure("EVP_Digest") }
  }

  /// SM4-ECB over whole blocks that are no secret.
  private static func encrypt(_ plain: [UInt8], key: borrowing LockedMemory) throws(Failure) -> [UInt8] {
    let memory = try LockedMemory()
    for (index, byte) in plain.enumerated().prefix(LockedMemory.size) { memory[index] = byte }
    return try encrypt(memory.bytes(plain.count), key: key)
  }

  /// SM4-ECB over whole blocks.
  private static func encrypt(
    _ plain: UnsafeRawBufferPointer, key: borrowing LockedMemory
  ) throws(Failure) -> [UInt8] {
    ukey_openssl_start()
    guard let context = EVP_CIPHER_CTX_new() else { throw opensslFailure("EVP_CIPHER_CTX_new") }
    // Freeing the context wipes the key schedule.
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: plain.count + blockSize)
    var written = Int32(0)
    guard
      EVP_EncryptInit_ex(context, EVP_sm4_ecb(), nil, key.base.assumingMemoryBound(to: UInt8.self), nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      EVP_EncryptUpdate(
        context, &output, &written, plain.bindMemory(to: UInt8.self).baseAddress, Int32(plain.count)) == 1,
      Int(written) == plain.count
    else { throw opensslFailure("EVP_EncryptUpdate") }
    return Array(output.prefix(plain.count))
  }

  private static func opensslFailure(_ function: String) -> Failure {
    let number = ERR_get_error()
    ERR_clear_error()
    return Failure(.crypto, function: function, number: .openssl(UInt(number)))
  }
}
