internal import CertificateKit
internal import Failures
internal import SmartCard

/// What GET METADATA tells of a key slot, the PIN or the PUK: Yubico's extension `00 F7 00 xx` (YubiKey 5.3 and later),
/// which CanoKey has too. It needs no PIN and costs no try.
struct PIVMetadata: Equatable {
  /// Algorithm identifier as GENERAL AUTHENTICATE takes it; of a slot.
  var algorithm: UInt8?
  /// The PIN or PUK is the one the card was delivered with.
  var isDefault: Bool?
  var triesMax: Int?
  var triesLeft: Int?

  /// - Throws: `UK-203` when it is no list of TLVs.
  init(_ bytes: [UInt8]) throws(Failure) {
    algorithm = try TLVReader.find(0x01, in: bytes[...]).flatMap { $0.count == 1 ? $0.first : nil }
    isDefault = try TLVReader.find(0x05, in: bytes[...]).flatMap { $0.count == 1 ? $0.first != 0 : nil }
    if let tries = try TLVReader.find(0x06, in: bytes[...]), tries.count == 2, let total = tries.first,
      let left = tries.last, left <= total
    {
      triesMax = Int(total)
      triesLeft = Int(left)
    }
  }

  /// As the PIN of it is shown; `nil` where it says nothing of tries.
  var status: PINStatus? {
    guard let triesLeft else { return nil }
    return PINStatus(triesMax: triesMax, triesLeft: triesLeft, isLocked: triesLeft == 0, isDefault: isDefault)
  }
}

extension PIVApplication {
  /// - Parameter reference: a key slot, `80` for the PIN, `81` for the PUK.
  /// - Returns: `nil` when the card has no such command, nothing there, or what it answers cannot be read.
  func metadata(_ card: borrowing CardTransaction, _ reference: UInt8) throws(Failure) -> PIVMetadata? {
    guard offersMetadata else { return nil }
    let answer = try card.send(CommandAPDU(ins: 0xF7, p2: reference, le: 256))
    return answer.status.isSuccess ? try? PIVMetadata(answer.data) : nil
  }

  /// Whether the public key that a slot tells is that of a certificate.
  ///
  /// - Parameter slot: of the key.
  /// - Returns: `.absent` when the card says that the slot has no key.
  func publicKey(
    _ card: borrowing CardTransaction, _ slot: UInt8, _ certificate: Certificate
  ) throws(Failure) -> KeyFit {
    guard offersMetadata else { return .notTold }
    let answer = try card.send(CommandAPDU(ins: 0xF7, p2: slot, le: 256))
    if answer.status == .referenceDataNotFound { return .absent }
    guard answer.status.isSuccess, let told = try TLVReader.find(0x04, in: answer.data[...]) else { return .notTold }
    return KeyFit(certificate, Array(told))
  }

  /// Of the PUK a card tells nothing without being given one, unless it has that command.
  func pukStatus(_ card: borrowing CardTransaction) throws(Failure) -> PINStatus {
    try metadata(card, 0x81)?.status ?? Self.unknownPUK
  }

  static let unknownPUK = PINStatus(triesMax: nil, triesLeft: nil, isLocked: false, isDefault: nil)
}
