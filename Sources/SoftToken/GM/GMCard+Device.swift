/// Device management.
extension GMCard {
  /// `80 04 00 00`: the 288-byte DEVINFO.
  func getDevInfo(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard command.data.isEmpty else { throw .wrongLength }
    try require(room: 288, in: command, exactly: behaviour.deviceInfoExpected)
    let order = behaviour.byteOrder
    // StructVersion 1.0, SpecVersion 1.0.
    var info: [UInt8] = [1, 0, 1, 0]
    // The behaviour stands in the answer, so that a host can choose its profile by device information.
    info.append(state.manufacturer + Array((" " + behaviour.name).utf8), width: 64)
    info.append(state.issuer, width: 64)
    info.append(state.label, width: 32)
    info.append(state.serialNumber, width: 32)
    // HWVersion 1.0, FirmwareVersion 1.0.
    info += [1, 0, 1, 0]
    // Identifiers of GM/T 0006: SM4-ECB and -CBC; RSA, SM2 signature and encryption; SM3, SHA-1, SHA-256; SM4-ECB.
    for value: UInt32 in [0x0000_0403, 0x0003_0A00, 0x0000_0007, 0x0000_0401, GMLimit.totalSpace, state.freeSpace] {
      info.append(value, order)
    }
    info.append(UInt16(65_535), order)
    // UserAuthMethod and DeviceType: the meaning of the codes is not public; values of the published card.
    info.append(UInt16(1), order)
    info.append(UInt16(2), order)
    info += [GMLimit.containers, GMLimit.certificates]
    info.append(GMLimit.files, order)
    info.append([], width: 54)
    return info
  }

  /// `80 02 00 00 | label`: at most 32 bytes; no authentication asked.
  func setLabel(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard command.data.count <= 32 else { throw .wrongLength }
    try update { (state) throws(GMStatus) in state.label = command.data }
    return []
  }

  /// `80 50 00 00 | Le`: 1 to 256 random bytes; the first 8 serve as challenge.
  func genRandom(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard command.data.isEmpty, let count = command.expected, count <= 256 else { throw .wrongLength }
    let bytes = try GMCrypto.random(count)
    session.random = count >= 8 ? Array(bytes.prefix(8)) : nil
    return bytes
  }

  /// `80 10 00 02 | enc16`: the random encrypted with the device authentication key.
  func devAuth(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    // Algorithm in P2: 02 is SM4, the only one here.
    guard command.p1 == 0, command.p2 == 2 else { throw .wrongParameters }
    guard command.data.count == 16 else { throw .wrongLength }
    guard state.deviceKey.remaining > 0 else { throw .locked }
    let random = try takeRandom()
    session.deviceAuthenticated = false
    try spendTry(\.deviceKey)
    guard try isResponse(command.data, to: random, key: state.deviceKey.key, form: behaviour.deviceBlock) else {
      throw .wrongPIN(left: state.deviceKey.remaining)
    }
    try restoreTries(\.deviceKey)
    session.deviceAuthenticated = true
    return []
  }

  /// The challenge of the last GenRandom.
  ///
  /// - Throws: 6984 when there is none.
  func takeRandom() throws(GMStatus) -> [UInt8] {
    guard let random = session.random else { throw .noRandom }
    if behaviour.consumesRandom { session.random = nil }
    return random
  }

  /// Whether `cipher` is the expected block under `key`. The whole block counts, also the part after the random.
  func isResponse(
    _ cipher: [UInt8], to random: [UInt8], key: [UInt8], form: GMCardBehaviour.AuthenticationBlock
  ) throws(GMStatus) -> Bool {
    var expected: [UInt8] =
      switch form {
      case .lengthPrefixed: [8, 0] + random + [0x80]
      case .zeroFilled: random
      }
    expected.append([], width: 16 - expected.count)
    return GMCrypto.equal(try GMCrypto.sm4(cipher, key: key, encrypt: false), expected)
  }

  /// Takes one try off, on disk before anything is compared, so that pulling the plug cannot give it back.
  func spendTry(_ secret: WritableKeyPath<GMState, GMSecret>) throws(GMStatus) {
    guard state[keyPath: secret].remaining > 0 else { throw .locked }
    try update { (state) throws(GMStatus) in state[keyPath: secret].remaining -= 1 }
  }

  func restoreTries(_ secret: WritableKeyPath<GMState, GMSecret>) throws(GMStatus) {
    try update { (state) throws(GMStatus) in state[keyPath: secret].remaining = state[keyPath: secret].maximum }
  }
}
