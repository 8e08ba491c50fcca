import COpenSSL

/// Bringing an encryption pair onto the card, and using it.
extension GMCard {
  /// `80 72 00 00 | AppID | ContainerID | …`: the private key of an encryption pair under a session key that is encrypted to
  /// the container's signature key. The fields in the order that ``GMCardBehaviour/pairLayout`` says.
  ///
  /// As a published card operating system does it: the last 32 bytes that come out are the private key, and whether it fits
  /// the public key is the host's business.
  func importECCKeyPair(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let place = try openedContainer(&fields)
    guard try fields.u32() == 1 else { throw .dataIncorrect }
    guard try fields.u32() == Self.sm4ECB else { throw .notSupported }
    guard try fields.u32() == 256 else { throw .dataIncorrect }
    let session: [UInt8]
    let privateCipher: [UInt8]
    let point: [UInt8]
    switch behaviour.pairLayout {
    case .sessionFirst:
      session = try Self.cipher(&fields)
      guard try fields.u32() == 256 else { throw .dataIncorrect }
      point = try fields.bytes(64)
      guard try fields.u32() == 64 else { throw .wrongLength }
      privateCipher = try fields.bytes(64)
    case .privateFirst:
      guard try fields.u32() == 32 else { throw .wrongLength }
      privateCipher = try fields.bytes(32)
      point = try fields.bytes(64)
      guard try fields.u32() == 256 else { throw .dataIncorrect }
      session = try Self.cipher(&fields)
    }
    try fields.end()
    try requireUser(place.application)
    let container = self[place]
    guard container.kind == .ecc, !container.signature.privateKey.isEmpty else { throw .noKeyPair }
    guard behaviour.overwritesPairs || container.encryption.privateKey.isEmpty else { throw .conditionsNotSatisfied }
    var key = try GMKey(pkcs8: container.signature.privateKey).openSM2(session)
    defer { GMCrypto.wipe(&key) }
    guard key.count == 16 else { throw .dataIncorrect }
    var plain = try GMCrypto.sm4(privateCipher, key: key, encrypt: false)
    defer { GMCrypto.wipe(&plain) }
    let pkcs8 = Self.pkcs8Head + plain.suffix(32) + Self.pkcs8Middle + point
    _ = try GMKey(pkcs8: pkcs8)
    try replace(\.encryption, of: place, with: GMSlot(privateKey: pkcs8, bits: 256, certificate: []))
    return []
  }

  /// C1, C3, the length of C2, C2: as SM2Cipher (DER), which is what OpenSSL opens.
  private static func cipher(_ fields: inout GMFields) throws(GMStatus) -> [UInt8] {
    let x = try fields.bytes(32)
    let y = try fields.bytes(32)
    let hash = try fields.bytes(32)
    let length = try fields.u32()
    guard length == 16 else { throw .wrongLength }
    let text = try fields.bytes(16)
    func integer(_ value: [UInt8]) -> [UInt8] {
      var bytes = Array(value.drop { $0 == 0 })
      if bytes.first.map({ $0 & 0x80 != 0 }) ?? true { bytes.insert(0, at: 0) }
      return [0x02, UInt8(bytes.count)] + bytes
    }
    let body = integer(x) + integer(y) + [0x04, 32] + hash + [0x04, 16] + text
    return [0x30, 0x81, UInt8(clamping: body.count)].dropping(body.count < 0x80) + body
  }

  /// Puts a key pair in its place as the card's file system does it.
  func replace(
    _ slot: WritableKeyPath<GMContainer, GMSlot>, of place: ContainerPlace, with new: GMSlot
  ) throws(GMStatus) {
    var steps = [new]
    // The old file is deleted, a new one made, and then filled: a cut between leaves what was reached.
    if behaviour.deletesBeforeWriting { steps = [GMSlot(), GMSlot(bits: new.bits), new] }
    for step in steps {
      try update { (state) throws(GMStatus) in
        state.applications[place.application].containers[place.container].kind = .ecc
        state.applications[place.application].containers[place.container][keyPath: slot] = step
      }
    }
  }

  /// `80 A0 00 00 | AppID | ContainerID | algorithm u32 | length u32 | bits u32 | C1 | C3 | length u32 | C2`: a session key
  /// encrypted to the container's encryption key; its identifier.
  func importSessionKey(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    try require(room: 2, in: command)
    var fields = fields(command)
    let place = try openedContainer(&fields)
    guard try fields.u32() == Self.sm4ECB else { throw .notSupported }
    guard try fields.u32() == 120, try fields.u32() == 256 else { throw .wrongLength }
    let cipher = try Self.cipher(&fields)
    try fields.end()
    try requireUser(place.application)
    let slot = self[place].encryption
    guard !slot.privateKey.isEmpty else { throw .noKeyPair }
    let key = try GMKey(pkcs8: slot.privateKey).openSM2(cipher)
    guard key.count == 16 else { throw .dataIncorrect }
    let id = session.nextKey
    session.nextKey &+= 1
    session.keys[id] = GMCard.SessionKey(container: self[place].id, key: key)
    var answer: [UInt8] = []
    answer.append(id, behaviour.byteOrder)
    return answer
  }

  private func sessionKey(_ fields: inout GMFields) throws(GMStatus) -> UInt16 {
    let place = try openedContainer(&fields)
    let id = try fields.u16()
    guard session.keys[id]?.container == self[place].id else { throw .containerUnknown }
    return id
  }

  /// `80 A4 00 00 | AppID | ContainerID | KeyID | algorithm u32 | BLOCKCIPHERPARAM (44)`.
  func encryptInit(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try sessionKey(&fields)
    guard try fields.u32() == Self.sm4ECB else { throw .notSupported }
    _ = try fields.bytes(44)
    try fields.end()
    session.keys[id]?.isReady = true
    return []
  }

  /// `80 A6 00 00 | AppID | ContainerID | KeyID | data`: whole blocks.
  func encrypt(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try sessionKey(&fields)
    let data = fields.remainder()
    guard let key = session.keys[id], key.isReady else { throw .conditionsNotSatisfied }
    guard !data.isEmpty, data.count % 16 == 0 else { throw .wrongLength }
    return try GMCrypto.sm4(data, key: key.key, encrypt: true)
  }

  /// `80 C4 00 00 | AppID | ContainerID | KeyID`.
  func destroySessionKey(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    session.keys[try sessionKey(&fields)] = nil
    try fields.end()
    return []
  }

  private static let sm4ECB: UInt32 = 0x401

  /// PrivateKeyInfo of an SM2 key up to the private key, and from there to the point.
  private static let pkcs8Head: [UInt8] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
    0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x04, 0x6D, 0x30, 0x6B, 0x02, 0x01, 0x01, 0x04, 0x20,
  ]
  private static let pkcs8Middle: [UInt8] = [0xA1, 0x44, 0x03, 0x42, 0x00, 0x04]
}

extension [UInt8] {
  /// A short length in place of the long one.
  fileprivate func dropping(_ isShort: Bool) -> [UInt8] { isShort ? [self[0], self[2]] : self }
}

extension GMKey {
  /// What was encrypted to this key; SM2Cipher, DER (GM/T 0009).
  func openSM2(_ cipher: [UInt8]) throws(GMStatus) -> [UInt8] {
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { throw .algorithmError }
    defer {
      EVP_PKEY_CTX_free(context)
      ERR_clear_error()
    }
    var plain = [UInt8](repeating: 0, count: cipher.count)
    var count = plain.count
    guard
      EVP_PKEY_decrypt_init(context) == 1,
      EVP_PKEY_decrypt(context, &plain, &count, cipher, cipher.count) == 1, count <= plain.count
    else { throw .dataIncorrect }
    return Array(plain.prefix(count))
  }
}
