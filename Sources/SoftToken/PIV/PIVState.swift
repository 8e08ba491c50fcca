/// Everything a PIV card remembers without power.
///
/// Reference data and private keys are kept as they are: this is a card for tests and demonstrations, its directory is
/// its only protection.
struct PIVState: Equatable, Sendable {
  /// A PIN or PUK with its counter.
  struct Reference: Equatable, Sendable {
    /// 8 bytes, a PIN padded with FF.
    var value: [UInt8]
    var triesLeft: Int
    var maximumTries: Int

    init(value: [UInt8], tries: Int) {
      self.value = value
      triesLeft = tries
      maximumTries = tries
    }
  }

  struct Key: Equatable, Sendable {
    /// Algorithm identifier, SP 800-78-4 table 6-2.
    var algorithm: UInt8
    /// PKCS#8 DER.
    var pkcs8: [UInt8]
  }

  var pin: Reference
  var puk: Reference
  var managementAlgorithm: UInt8
  var managementKey: [UInt8]
  /// Content of tag 53 by the object's BER-TLV tag (5FC105 …).
  var objects: [UInt32: [UInt8]] = [:]
  /// By key reference (9A …).
  var keys: [UInt8: Key] = [:]

  /// A card as delivered: PIN 123456, PUK 12345678, the management key 01…08 three times (3DES), nothing on it.
  init(tries: Int) {
    pin = Reference(value: Self.factoryPIN, tries: tries)
    puk = Reference(value: Self.factoryPUK, tries: tries)
    managementAlgorithm = PIVAlgorithm.tripleDES
    managementKey = Array(repeatElement(Array(1...8), count: 3).joined())
  }

  static let factoryPIN = Array("123456".utf8) + [0xFF, 0xFF]
  static let factoryPUK = Array("12345678".utf8)

  // MARK: The stored form: BER-TLV, private to this type.

  private enum Tag {
    static let pin: UInt32 = 0xC0
    static let puk: UInt32 = 0xC1
    static let management: UInt32 = 0xC2
    static let object: UInt32 = 0xC3
    static let key: UInt32 = 0xC4
  }

  func encoded() -> [UInt8] {
    func reference(_ reference: Reference) -> [UInt8] {
      [UInt8(clamping: reference.triesLeft), UInt8(clamping: reference.maximumTries)] + reference.value
    }
    var items = [
      PIVTLV.encode(Tag.pin, reference(pin)), PIVTLV.encode(Tag.puk, reference(puk)),
      PIVTLV.encode(Tag.management, [managementAlgorithm] + managementKey),
    ]
    for (tag, content) in objects.sorted(by: { $0.key < $1.key }) {
      let tagBytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: tag >> $0) }
      items.append(PIVTLV.encode(Tag.object, tagBytes + content))
    }
    for (reference, key) in keys.sorted(by: { $0.key < $1.key }) {
      items.append(PIVTLV.encode(Tag.key, [reference, key.algorithm] + key.pkcs8))
    }
    return Array(items.joined())
  }

  /// Nil when the bytes are not a stored state.
  init?(encoded bytes: [UInt8]) {
    func reference(_ bytes: [UInt8]?) -> Reference? {
      guard let bytes, bytes.count == 10, (1...15).contains(bytes[1]), bytes[0] <= bytes[1] else { return nil }
      var reference = Reference(value: Array(bytes.dropFirst(2)), tries: Int(bytes[1]))
      reference.triesLeft = Int(bytes[0])
      return reference
    }
    guard
      let items = PIVTLV.decode(bytes),
      let pin = reference(items[tag: Tag.pin]), let puk = reference(items[tag: Tag.puk]),
      let management = items[tag: Tag.management], let algorithm = management.first
    else { return nil }
    self.pin = pin
    self.puk = puk
    managementAlgorithm = algorithm
    managementKey = Array(management.dropFirst())
    for item in items {
      switch item.tag {
      case Tag.object where item.value.count >= 4:
        let tag = item.value.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        objects[tag] = Array(item.value.dropFirst(4))
      case Tag.key where item.value.count > 2:
        keys[item.value[0]] = Key(algorithm: item.value[1], pkcs8: Array(item.value.dropFirst(2)))
      default: break
      }
    }
  }
}

/// Algorithm identifiers, SP 800-78-4 table 6-2.
enum PIVAlgorithm {
  static let tripleDES: UInt8 = 0x03
  static let rsa2048: UInt8 = 0x07
  static let aes128: UInt8 = 0x08
  static let aes192: UInt8 = 0x0A
  static let aes256: UInt8 = 0x0C
  static let p256: UInt8 = 0x11
  static let p384: UInt8 = 0x14
  /// Yubico's, not of the standard.
  static let ed25519: UInt8 = 0xE0
}
