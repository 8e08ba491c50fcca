internal import CertificateKit
internal import Failures
internal import SmartCard

/// How the private key of a slot is asked to sign: the algorithm identifier of GENERAL AUTHENTICATE and what it is given.
struct PIVSigning {
  var algorithm: UInt8
  private var form: Form

  private enum Form {
    /// The whole block of PKCS#1; the card only exponentiates.
    case block(bytes: Int)
    /// The digest.
    case digest(bits: Int)
    /// The message itself (RFC 8032, Ed25519).
    case message
  }

  /// Whether the standard has an identifier for such keys (SP 800-78-4 table 6-2; RSA-3072 of SP 800-78-5).
  static func isStandard(_ key: PublicKey) -> Bool { standard(key) != nil }

  private static func standard(_ key: PublicKey) -> PIVSigning? {
    switch key {
    case .rsa(1024): PIVSigning(algorithm: 0x06, form: .block(bytes: 128))
    case .rsa(2048): PIVSigning(algorithm: 0x07, form: .block(bytes: 256))
    case .rsa(3072): PIVSigning(algorithm: 0x05, form: .block(bytes: 384))
    case .ec("prime256v1", let bits): PIVSigning(algorithm: 0x11, form: .digest(bits: bits))
    case .ec("secp384r1", let bits): PIVSigning(algorithm: 0x14, form: .digest(bits: bits))
    case .sm2, .rsa, .ec, .other: nil
    }
  }

  /// By the standard, else as the card itself tells of the slot, by Yubico's identifiers. A card that tells another one
  /// means something else by it.
  ///
  /// - Throws: `UK-221` when neither tells.
  init(_ key: PublicKey, told: UInt8?) throws(Failure) {
    if let standard = Self.standard(key) {
      self = standard
      return
    }
    switch (key, told) {
    case (.rsa(4096), 0x16): self.init(algorithm: 0x16, form: .block(bytes: 512))
    case (.ed25519, 0xE0): self.init(algorithm: 0xE0, form: .message)
    default: throw Failure(.keyKindUnusable, function: "GENERAL AUTHENTICATE", context: key.name)
    }
  }

  private init(algorithm: UInt8, form: Form) {
    self.algorithm = algorithm
    self.form = form
  }

  func input(for message: [UInt8]) throws(Failure) -> [UInt8] {
    switch form {
    case .block(let bytes): try Signature.pkcs1Block(for: message, size: bytes)
    case .digest(let bits): try Signature.digest(of: message, bits: bits)
    case .message: message
    }
  }
}

extension PIVCommands {
  /// GENERAL AUTHENTICATE, `00 87`: the card signs what stands in tag 81 of the template 7C (part 2 §3.2.4).
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    guard let slot = UInt8(key.container.text, radix: 16) else {
      throw Failure(.containerMissing, context: displaySafe(key.container))
    }
    // The card was asked before the PIN: key 9C may want nothing between the PIN and its use.
    let made = try signature(card, message, slot, try PIVSigning(key.certificate.publicKey, told: key.toldAlgorithm))
    try key.certificate.verify(made, of: message)
    return made
  }

  /// Not yet checked.
  func signature(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ slot: UInt8, _ signing: PIVSigning
  ) throws(Failure) -> [UInt8] {
    let body = [0x82, 0x00] + Self.tlv(0x81, try signing.input(for: message))
    let answer = try card.send(
      CommandAPDU(ins: 0x87, p1: signing.algorithm, p2: slot, data: Self.tlv(0x7C, body), le: 256))
    let refusal = Failure.refused("GENERAL AUTHENTICATE", answer.status)
    // The slot has a certificate and no key.
    if answer.status == .referenceDataNotFound { throw Failure(.privateKeyMissing, causes: [refusal]) }
    guard answer.status.isSuccess else { throw refusal }
    guard let template = try TLVReader.find(0x7C, in: answer.data[...]),
      let signature = try TLVReader.find(0x82, in: template)
    else { throw Failure(.answerMalformed, function: "GENERAL AUTHENTICATE") }
    return Array(signature)
  }

  static func tlv(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
    switch value.count {
    case ..<0x80: [tag, UInt8(value.count)] + value
    case ..<0x100: [tag, 0x81, UInt8(value.count)] + value
    default: [tag, 0x82, UInt8(truncatingIfNeeded: value.count >> 8), UInt8(truncatingIfNeeded: value.count)] + value
    }
  }
}

extension PIVApplication {
  /// What the card itself says of the key in a slot, asked where only it can tell.
  ///
  /// - Throws: `UK-221` when such a key cannot be asked to sign.
  func toldAlgorithm(
    _ card: borrowing CardTransaction, _ slot: UInt8, _ key: PublicKey
  ) throws(Failure) -> UInt8? {
    if PIVSigning.isStandard(key) { return nil }
    return try PIVSigning(key, told: try metadata(card, slot)?.algorithm).algorithm
  }
}
