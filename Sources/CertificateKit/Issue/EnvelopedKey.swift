package import Failures

/// The private half of an encryption pair on its way to a key: encrypted under a random session key, which is encrypted to
/// the signature key that the key made itself. The data of SM2EnvelopedKey (GM/T 0009-2012 §7.4, GB/T 35276), of
/// ENVELOPEDKEYBLOB (GM/T 0016) and of ImportECCKeyPair (GM/T 0017), whichever it came as.
///
/// It holds no secret that anybody but the key could open.
package struct EnvelopedKey: Sendable, Equatable {
  /// The block cipher of the private key; in ECB.
  package enum Algorithm: UInt32, Sendable {
    case sm4 = 0x401
    /// Not published: such an envelope is handed to the key as it is, and to nothing else.
    case sm1 = 0x101
  }

  /// What stands in the 64 bytes where GM/T 0016 has the encrypted private key of 32.
  package enum Alignment: String, Sendable {
    /// Zeros, then the 32 bytes: as all readable card code takes it.
    case right
    /// The 32 bytes, then zeros.
    case left
  }

  package var algorithm: Algorithm
  /// The session key encrypted to the signature key: C1 as X ‖ Y, C3, C2 of 16 bytes.
  package var sessionPoint: [UInt8]
  package var sessionHash: [UInt8]
  package var sessionCipher: [UInt8]
  /// Public key of the encryption pair, X ‖ Y.
  package var point: [UInt8]
  /// ECB of the private key, 32 bytes.
  package var privateCipher: [UInt8]

  /// - Throws: `UK-530` when a part has another length, or a point is not on the curve.
  package init(
    algorithm: Algorithm, sessionPoint: [UInt8], sessionHash: [UInt8], sessionCipher: [UInt8], point: [UInt8],
    privateCipher: [UInt8]
  ) throws(Failure) {
    func check(_ part: [UInt8], _ count: Int, _ name: String) throws(Failure) {
      guard part.count == count else { throw Self.malformed("\(name), \(part.count)") }
    }
    try check(sessionHash, 32, "HASH")
    try check(sessionCipher, 16, "CipherText")
    try check(privateCipher, 32, "private key")
    _ = try PublicKeyInfo(sm2: sessionPoint)
    _ = try PublicKeyInfo(sm2: point)
    self.algorithm = algorithm
    self.sessionPoint = sessionPoint
    self.sessionHash = sessionHash
    self.sessionCipher = sessionCipher
    self.point = point
    self.privateCipher = privateCipher
  }

  static func malformed(_ context: String) -> Failure {
    Failure(.answerUnreadable, function: "SM2EnvelopedKey", context: context)
  }

  /// The encrypted private key out of what authorities send for it: 32 bytes; 48, padded as PKCS#7 pads; 64, of which one
  /// half is zeros, encrypted or not.
  ///
  /// Zeros encrypted in ECB are two equal blocks, which no private key is.
  static func privateKey(in field: [UInt8]) throws(Failure) -> [UInt8] {
    switch field.count {
    case 32: return field
    case 48: return Array(field.prefix(32))
    case 64:
      let halves = [Array(field.prefix(32)), Array(field.suffix(32))]
      let filling = halves.map { $0.prefix(16).elementsEqual($0.suffix(16)) }
      guard filling[0] != filling[1] else { throw malformed("private key") }
      return halves[filling[0] ? 1 : 0]
    default: throw malformed("private key, \(field.count)")
    }
  }
}

/// GM/T 0016-2012 §6.4.10: u32 little-endian, packed.
extension EnvelopedKey {
  /// ENVELOPEDKEYBLOB with a session key of 16 bytes.
  package static let skfSize = 388

  /// - Throws: `UK-530` when lengths, version or algorithm are others.
  package init(skf blob: [UInt8]) throws(Failure) {
    guard blob.count == Self.skfSize else { throw Self.malformed("blob, \(blob.count)") }
    func u32(_ offset: Int) -> UInt32 { blob[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    guard u32(0) == 1 else { throw Self.malformed("version \(u32(0))") }
    guard let algorithm = Algorithm(rawValue: u32(4)) else {
      throw Self.malformed("algorithm \(u32(4))")
    }
    guard u32(8) == 256, u32(76) == 256 else { throw Self.malformed("bits \(u32(8)), \(u32(76))") }
    guard u32(368) == 16 else { throw Self.malformed("CipherLen \(u32(368))") }
    func coordinate(_ offset: Int) throws(Failure) -> [UInt8] {
      guard blob[offset..<offset + 32].allSatisfy({ $0 == 0 }) else { throw Self.malformed("coordinate") }
      return Array(blob[offset + 32..<offset + 64])
    }
    try self.init(
      algorithm: algorithm, sessionPoint: try coordinate(208) + coordinate(272),
      sessionHash: Array(blob[336..<368]), sessionCipher: Array(blob[372..<388]),
      point: try coordinate(80) + coordinate(144), privateCipher: try Self.privateKey(in: Array(blob[12..<76])))
  }

  /// - Parameter width: bytes of ULONG in the library that reads it. With 8 no field needs filling either: every offset
  ///   is a multiple of 8.
  package func skf(_ alignment: Alignment = .right, width: Int = 4) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: 32)
    func number(_ value: UInt32) -> [UInt8] {
      [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) } + zeros.prefix(width - 4)
    }
    func wide(_ point: [UInt8]) -> [UInt8] { zeros + point.prefix(32) + zeros + point.suffix(32) }
    return number(1) + number(algorithm.rawValue) + number(256)
      + (alignment == .right ? zeros + privateCipher : privateCipher + zeros) + number(256) + wide(point)
      + wide(sessionPoint) + sessionHash + number(16) + sessionCipher
  }
}

/// GM/T 0009-2012 §7.4 and GB/T 35276.
extension EnvelopedKey {
  /// The mode is named in what is written: it is ECB either way.
  private static let sm4 = ["1.2.156.10197.1.104.1", "1.2.156.10197.1.104"]
  private static let sm1 = ["1.2.156.10197.1.102.1", "1.2.156.10197.1.102"]

  /// SM2EnvelopedKey, DER, in the forms that authorities send: the block cipher named with or without its mode and
  /// parameters, integers of 31 to 33 bytes.
  ///
  /// - Throws: `UK-530`.
  package init(der: [UInt8]) throws(Failure) {
    var outer = DERReader(der[...])
    guard let content = outer.next(tag: 0x30), outer.rest.isEmpty else { throw Self.malformed("SEQUENCE") }
    try self.init(content: content)
  }

  /// - Parameter content: of the SEQUENCE.
  init(content: ArraySlice<UInt8>) throws(Failure) {
    var parts = DERReader(content)
    guard let identifier = parts.next(tag: 0x30), let session = parts.next(tag: 0x30),
      let publicKey = parts.next(tag: 0x03), let privateKey = parts.next(tag: 0x03), parts.rest.isEmpty
    else { throw Self.malformed("SM2EnvelopedKey") }
    var algorithmParts = DERReader(identifier)
    guard let oid = algorithmParts.next(tag: 0x06).flatMap({ dottedOID(content: $0) }),
      algorithmParts.rest.isEmpty || algorithmParts.next(tag: 0x05)?.isEmpty == true, algorithmParts.rest.isEmpty
    else { throw Self.malformed("symAlgID") }
    let algorithm: Algorithm
    switch oid {
    case _ where Self.sm4.contains(oid): algorithm = .sm4
    case _ where Self.sm1.contains(oid): algorithm = .sm1
    default: throw Self.malformed("symAlgID " + oid)
    }
    let cipher = try SM2Cipher(content: session)
    guard publicKey.count == 66, publicKey.starts(with: [0x00, 0x04]) else { throw Self.malformed("sm2PublicKey") }
    guard privateKey.first == 0x00 else { throw Self.malformed("sm2EncryptedPrivateKey") }
    try self.init(
      algorithm: algorithm, sessionPoint: cipher.point, sessionHash: cipher.hash, sessionCipher: cipher.text,
      point: Array(publicKey.dropFirst(2)), privateCipher: try Self.privateKey(in: Array(privateKey.dropFirst())))
  }

  /// SM2EnvelopedKey as the standard has it.
  package var der: [UInt8] {
    let cipher = SM2Cipher(point: sessionPoint, hash: sessionHash, text: sessionCipher)
    return DERWriter.sequence(
      DERWriter.sequence(DERWriter.oid(algorithm == .sm4 ? Self.sm4[0] : Self.sm1[0])), cipher.der,
      DERWriter.element(0x03, [0x00, 0x04] + point), DERWriter.element(0x03, [0x00] + privateCipher))
  }
}

/// SM2Cipher of GM/T 0009-2012 §7.2 in its parts.
package struct SM2Cipher: Sendable, Equatable {
  /// C1, X ‖ Y.
  package var point: [UInt8]
  /// C3, 32 bytes.
  package var hash: [UInt8]
  /// C2.
  package var text: [UInt8]

  init(point: [UInt8], hash: [UInt8], text: [UInt8]) {
    self.point = point
    self.hash = hash
    self.text = text
  }

  /// - Throws: `UK-530`.
  package init(der: [UInt8]) throws(Failure) {
    var outer = DERReader(der[...])
    guard let content = outer.next(tag: 0x30), outer.rest.isEmpty else { throw EnvelopedKey.malformed("SM2Cipher") }
    try self.init(content: content)
  }

  init(content: ArraySlice<UInt8>) throws(Failure) {
    var parts = DERReader(content)
    guard let x = parts.next(tag: 0x02), let y = parts.next(tag: 0x02), let hash = parts.next(tag: 0x04),
      let text = parts.next(tag: 0x04), parts.rest.isEmpty
    else { throw EnvelopedKey.malformed("SM2Cipher") }
    func coordinate(_ integer: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
      let number = integer.drop { $0 == 0 }
      guard integer.count <= 33, number.count <= 32 else { throw EnvelopedKey.malformed("INTEGER, \(integer.count)") }
      return [UInt8](repeating: 0, count: 32 - number.count) + number
    }
    point = try coordinate(x) + coordinate(y)
    self.hash = Array(hash)
    self.text = Array(text)
  }

  var der: [UInt8] {
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      let value = Array(bytes.drop { $0 == 0 })
      return DERWriter.element(0x02, value.first.map { $0 & 0x80 != 0 ? [0] + value : value } ?? [0])
    }
    return DERWriter.sequence(
      integer(point.prefix(32)), integer(point.suffix(32)), DERWriter.octets(hash), DERWriter.octets(text))
  }
}
