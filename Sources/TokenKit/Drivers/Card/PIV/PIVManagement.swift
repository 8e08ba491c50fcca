internal import COpenSSL
internal import CertificateKit
internal import Failures
internal import SmartCard

/// The card management key 9B where the card keeps it behind the PIN itself, as Yubico's tools set it up ("PIN-protected": ADMIN
/// DATA 5FFF00 says so, the key lies in the PRINTED object 5FC109, which a card gives out only after the PIN). Nobody is asked for
/// another key, and none is guessed.
enum PIVManagement {
  private static let adminData: [UInt8] = [0x5F, 0xFF, 0x00]
  private static let printed: [UInt8] = [0x5F, 0xC1, 0x09]
  private static let reference: UInt8 = 0x9B
  /// Of the flags in ADMIN DATA: the key is in the protected data.
  private static let protectedFlag: UInt8 = 0x02

  /// Ciphers that key 9B may have (SP 800-78-4 table 6-2), with the bytes of a key and of a block.
  private struct Kind {
    var name: String
    var key: Int
    var block: Int
  }

  private static func kind(_ algorithm: UInt8) -> Kind? {
    switch algorithm {
    case 0x00, 0x03: Kind(name: "DES-EDE3-ECB", key: 24, block: 8)
    case 0x08: Kind(name: "AES-128-ECB", key: 16, block: 16)
    case 0x0A: Kind(name: "AES-192-ECB", key: 24, block: 16)
    case 0x0C: Kind(name: "AES-256-ECB", key: 32, block: 16)
    default: nil
    }
  }

  /// Whether the card says, without a PIN, that its management key is behind the PIN.
  ///
  /// - Throws: `UK-535` with what is missing.
  static func check(_ card: borrowing CardTransaction, _ application: PIVApplication) throws(Failure) {
    var application = application
    func refusal(_ context: String) -> Failure { Failure(.renewalNotOffered, function: "PIV 9B", context: context) }
    // Without GET METADATA nobody knows which slot holds a key, and making one destroys what was there.
    guard application.offersMetadata else { throw refusal("GET METADATA") }
    guard let data = try application.object(card, adminData), let admin = try TLVReader.find(0x80, in: data),
      let flags = try TLVReader.find(0x81, in: admin), flags.count == 1, let bits = flags.first,
      bits & protectedFlag != 0
    else { throw refusal("ADMIN DATA") }
    guard let algorithm = try application.metadata(card, reference)?.algorithm, kind(algorithm) != nil else {
      throw refusal("algorithm")
    }
  }

  /// Shows the card that its own key is known, and has it show the same (SP 800-73-4 part 2 §3.2.4, mutual authentication). The PIN
  /// has been accepted.
  ///
  /// - Throws: `UK-535` when the key is not where ADMIN DATA says, or another one.
  static func authenticate(_ card: borrowing CardTransaction, _ application: PIVApplication) throws(Failure) {
    var application = application
    func refusal(_ context: String) -> Failure { Failure(.renewalNotOffered, function: "PIV 9B", context: context) }
    guard let algorithm = try application.metadata(card, reference)?.algorithm, let kind = kind(algorithm) else {
      throw refusal("algorithm")
    }
    var key = try self.key(card, &application)
    defer { wipe(&key) }
    guard key.count == kind.key else { throw refusal("\(key.count)") }
    func exchange(_ body: [UInt8], _ tag: UInt8) throws(Failure) -> [UInt8] {
      let answer = try card.send(
        CommandAPDU(ins: 0x87, p1: algorithm, p2: reference, data: PIVCommands.tlv(0x7C, body), le: 256))
      guard answer.status.isSuccess else {
        throw Failure(
          .renewalNotOffered, function: "PIV 9B", causes: [.refused("GENERAL AUTHENTICATE", answer.status)])
      }
      guard let template = try TLVReader.find(0x7C, in: answer.data[...]),
        let value = try TLVReader.find(UInt32(tag), in: template), value.count == kind.block
      else { throw Failure(.answerMalformed, function: "GENERAL AUTHENTICATE") }
      return Array(value)
    }
    let witness = try crypt(kind, key, try exchange([0x80, 0x00], 0x80), encrypts: false)
    var challenge = [UInt8](repeating: 0, count: kind.block)
    guard RAND_bytes(&challenge, Int32(kind.block)) == 1 else { throw Failure(.crypto, function: "RAND_bytes") }
    let answer = try exchange(PIVCommands.tlv(0x80, witness) + PIVCommands.tlv(0x81, challenge), 0x82)
    guard try crypt(kind, key, challenge, encrypts: true) == answer else { throw refusal("81") }
  }

  /// PRINTED as those tools use it: `88 { 89 key }`.
  private static func key(
    _ card: borrowing CardTransaction, _ application: inout PIVApplication
  ) throws(Failure) -> [UInt8] {
    guard let data = try application.object(card, printed), let protected = try TLVReader.find(0x88, in: data),
      let key = try TLVReader.find(0x89, in: protected)
    else { throw Failure(.renewalNotOffered, function: "PIV 9B", context: "PRINTED") }
    return Array(key)
  }

  private static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
  }

  /// One block, in ECB.
  private static func crypt(
    _ kind: Kind, _ key: [UInt8], _ block: [UInt8], encrypts: Bool
  ) throws(Failure) -> [UInt8] {
    defer { ERR_clear_error() }
    guard let cipher = EVP_CIPHER_fetch(nil, kind.name, nil), let context = EVP_CIPHER_CTX_new() else {
      throw Failure(.crypto, function: kind.name)
    }
    defer {
      EVP_CIPHER_CTX_free(context)
      EVP_CIPHER_free(cipher)
    }
    var output = [UInt8](repeating: 0, count: 2 * kind.block)
    var count: Int32 = 0
    guard EVP_CipherInit_ex2(context, cipher, key, nil, encrypts ? 1 : 0, nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      EVP_CipherUpdate(context, &output, &count, block, Int32(block.count)) == 1, count == kind.block
    else { throw Failure(.crypto, function: kind.name) }
    return Array(output.prefix(kind.block))
  }
}
