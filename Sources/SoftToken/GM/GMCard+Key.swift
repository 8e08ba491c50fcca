import COpenSSL

/// Keys and signatures.
extension GMCard {
  /// `80 88 type 00 | AppID | ContainerID`. ECC: bits u32, X[32], Y[32]. RSA: bits u16, exponent[4], modulus, which
  /// only one public implementation shows.
  func exportPublicKey(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    guard command.p2 == 0 else { throw .wrongParameters }
    let slotPath = try slot(command.p1)
    var fields = fields(command)
    let place = try openedContainer(&fields)
    try fields.end()
    let slot = self[place][keyPath: slotPath]
    guard !slot.privateKey.isEmpty else { throw .noKeyPair }
    let key = try GMKey(pkcs8: slot.privateKey)
    var answer: [UInt8] = []
    if self[place].kind == .rsa {
      let (modulus, exponent) = try key.rsaPublicKey()
      answer.append(UInt16(clamping: slot.bits), behaviour.byteOrder)
      answer += exponent + modulus
    } else {
      answer.append(slot.bits, behaviour.byteOrder)
      answer += try key.ellipticPoint()
    }
    return answer
  }

  /// The signature key of an open container, the user PIN being verified.
  private func signatureKey(_ place: ContainerPlace, kind: GMContainer.Kind) throws(GMStatus) -> GMKey {
    try requireUser(place.application)
    let container = self[place]
    guard container.kind == kind, !container.signature.privateKey.isEmpty else { throw .noKeyPair }
    return try GMKey(pkcs8: container.signature.privateKey)
  }

  /// `80 74 P1 00 | AppID | ContainerID | data`: bits u32, r[32], s[32].
  ///
  /// P1 02: data is the digest e. P1 01: data is idLen u32, id, message; the card computes Z and SM3.
  func eccSignData(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    guard command.p1 == 1 || command.p1 == 2, command.p2 == 0 else { throw .wrongParameters }
    try require(room: 68, in: command)
    var fields = fields(command)
    let place = try openedContainer(&fields)
    let key = try signatureKey(place, kind: .ecc)
    var answer: [UInt8] = []
    answer.append(UInt32(256), behaviour.byteOrder)
    if command.p1 == 2 {
      let digest = try fields.bytes(32)
      try fields.end()
      return answer + (try key.signSM2(digest: digest))
    }
    // ENTL counts the ID's bits in 16 bits (GB/T 32918.2 5.5).
    guard let length = Int(exactly: try fields.u32()), length < 8192 else { throw .dataIncorrect }
    let id = try fields.bytes(length)
    let message = fields.remainder()
    return answer + (try key.signSM2(message: message, id: id))
  }

  /// `80 58 P1 P2 | AppID | ContainerID | data`: the signature, as long as the modulus.
  ///
  /// P1 01: the card hashes with P2 (01 SM3, 02 SHA-1, 03 SHA-256) and signs the DigestInfo. P1 02: data is padded
  /// and signed as it is; whether real cards add a DigestInfo there is not known, so the host is expected to.
  func rsaSignData(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    guard command.p1 == 1 || (command.p1 == 2 && command.p2 == 0) else { throw .wrongParameters }
    var fields = fields(command)
    let place = try openedContainer(&fields)
    let key = try signatureKey(place, kind: .rsa)
    try require(room: Int(self[place].signature.bits / 8), in: command)
    let data = fields.remainder()
    if command.p1 == 2 {
      guard !data.isEmpty else { throw .wrongLength }
      return try key.signRSA(data)
    }
    switch command.p2 {
    case 1: return try key.signRSA(Self.sm3Prefix + (try GMCrypto.digest(data, EVP_sm3())))
    case 2: return try key.signRSA(Self.sha1Prefix + (try GMCrypto.digest(data, EVP_sha1())))
    case 3: return try key.signRSA(Self.sha256Prefix + (try GMCrypto.digest(data, EVP_sha256())))
    default: throw .digestNotSupported
    }
  }

  // DigestInfo up to the digest (RFC 8017 9.2 note 1; SM3 by the OID of GM/T 0006).
  private static let sm3Prefix: [UInt8] = [
    0x30, 0x30, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x11, 0x05, 0x00, 0x04, 0x20,
  ]
  private static let sha1Prefix: [UInt8] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14,
  ]
  private static let sha256Prefix: [UInt8] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
  ]

  /// `80 70 00 00 | AppID | ContainerID | bits u32`: X[32], Y[32]. A key that is there is not replaced (6985), but where
  /// ``GMCardBehaviour/overwritesPairs``.
  func genECCKeyPair(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    try require(room: 64, in: command)
    var fields = fields(command)
    let place = try openedContainer(&fields)
    let bits = try fields.u32()
    try fields.end()
    guard bits == 256 else { throw .dataIncorrect }
    try requireUser(place.application)
    guard self[place].kind != .rsa, behaviour.overwritesPairs || self[place].signature.privateKey.isEmpty else {
      throw .conditionsNotSatisfied
    }
    let pkcs8: [UInt8]
    do {
      pkcs8 = try PrivateKey.generate(.sm2).pkcs8()
    } catch { throw .algorithmError }
    let point = try GMKey(pkcs8: pkcs8).ellipticPoint()
    try replace(\.signature, of: place, with: GMSlot(privateKey: pkcs8, bits: 256, certificate: []))
    return point
  }
}
