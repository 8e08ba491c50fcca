/// The new PIN in ChangePIN and UnblockPIN, in the forms that tokens have.
extension GMCard {
  /// Bytes of the encrypted new PIN. - Throws: 6700 where the form leaves no choice.
  func newPINLength(_ command: GMCommand) throws(GMStatus) -> Int {
    switch behaviour.newPIN {
    case .bare: return 16
    case .measured:
      // AppID before it, MAC behind it.
      let length = command.data.count - 6
      guard length == 16 || length == 32 else { throw .wrongLength }
      return length
    }
  }

  /// Whether the MAC was made with this key for this random.
  func isGenuine(
    _ command: GMCommand, _ cipher: [UInt8], mac: [UInt8], key: [UInt8], random: [UInt8]
  ) throws(GMStatus) -> Bool {
    var message: [UInt8]
    switch behaviour.newPIN {
    case .bare:
      var header = [command.cla, command.ins, command.p1, command.p2]
      header.append(UInt16(clamping: command.data.count - 4), .bigEndian)
      message = header + [0, 0] + command.data.dropLast(4)
    case .measured:
      var plain = try GMCrypto.sm4(cipher, key: key, encrypt: false)
      defer { GMCrypto.wipe(&plain) }
      guard let pin = Self.measured(plain) else { return false }
      message = Array(pin)
    }
    defer { GMCrypto.wipe(&message) }
    return GMCrypto.equal(try GMCrypto.mac(message, key: key, random: random), mac)
  }

  /// The PIN in `length, u16 little-endian | PIN | 80 00 …`; `nil` when it is not of that form.
  private static func measured(_ plain: [UInt8]) -> ArraySlice<UInt8>? {
    guard plain.count >= 16, plain[1] == 0 else { return nil }
    let end = 2 + Int(plain[0])
    guard end < plain.count, plain[end] == 0x80, plain[(end + 1)...].allSatisfy({ $0 == 0 }), plain.count - end <= 16
    else { return nil }
    return plain[2..<end]
  }

  /// Decrypts a new PIN and derives its key.
  ///
  /// - Throws: 6A80 when the padding is wrong, or the PIN shorter than 6 bytes (GM/T 0016-2012 8.2.4), longer than 16 or
  ///   not one string.
  func newPINKey(_ cipher: [UInt8], key: [UInt8]) throws(GMStatus) -> [UInt8] {
    var plain = try GMCrypto.sm4(cipher, key: key, encrypt: false)
    defer { GMCrypto.wipe(&plain) }
    var pin: [UInt8] = []
    defer { GMCrypto.wipe(&pin) }
    switch behaviour.newPIN {
    case .bare: pin = plain
    case .measured:
      guard let given = Self.measured(plain), given.count <= 16, !given.contains(0) else { throw .dataIncorrect }
      pin.append(Array(given), width: 16)
    }
    try Self.checkPIN(pin)
    return try GMCrypto.pinKey(pin)
  }
}
