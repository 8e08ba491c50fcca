internal import Base
internal import Failures
internal import SmartCard
internal import Synchronization

/// The selected PIV application and how it may be spoken to (NIST SP 800-73-4 part 2 §3.1.1).
struct PIVApplication {
  /// Application label (tag 50) of the application property template, where present.
  var label: TokenName?
  /// Extended length when the ATR states it, short with response chaining otherwise.
  var form: LengthForm
  var isYubico: Bool
  /// Of a make that has GET METADATA in some of its versions: one that has not answers 6D00.
  var offersMetadata: Bool
  /// Key reference of the PIN that the holder knows: `80` the application's own, `00` the card's, see ``findUserPIN(_:)``.
  var userPIN = PIVPIN.application
  /// ``userPIN`` once the card was asked, for all transactions with it.
  var found = FoundPIN()

  final class FoundPIN: Sendable {
    let reference = Mutex<UInt8?>(nil)
  }

  /// The AID without its version, as SP 800-73-4 part 1 §2.2 allows; a card that wants it whole gets the version 1.0.
  private static let aid: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00]
  private static let version: [UInt8] = [0x01, 0x00]

  /// - Throws: `UK-202` when the card has no PIV application.
  static func select(_ card: borrowing CardTransaction) throws(Failure) -> PIVApplication {
    var answer = try card.send(CommandAPDU(ins: 0xA4, p1: 0x04, data: aid, le: 256))
    if answer.status == .fileNotFound {
      answer = try card.send(CommandAPDU(ins: 0xA4, p1: 0x04, data: aid + version, le: 256))
    }
    guard answer.status.isSuccess else { throw .refused("SELECT PIV", answer.status) }
    // Cards of other kinds may answer 9000 to any SELECT; only PIV gives its property template.
    guard let template = try TLVReader.find(0x61, in: answer.data[...]) else {
      throw Failure(.answerMalformed, function: "SELECT PIV", context: "61")
    }
    let label = try TLVReader.find(0x50, in: template).map { TokenName(Array($0)) }
    let atr = ATR(card.atr)
    func names(_ maker: String) -> Bool {
      atr.historicalBytes.indices.contains { atr.historicalBytes[$0...].starts(with: maker.utf8) }
    }
    let isYubico = names("Yubi")
    // T=0 carries extended lengths only in envelopes, which PIV does not know.
    let isExtended = card.cardProtocol == .t1 && atr.supportsExtendedLength
    return PIVApplication(
      label: label, form: isExtended ? .extended : .short, isYubico: isYubico,
      offersMetadata: isYubico || names("Canokey"))
  }

  /// GET DATA of one data object (part 2 §3.1.2).
  ///
  /// - Parameter tag: the three bytes of the object's BER-TLV tag.
  /// - Returns: the content of the object's `53` template; `nil` when the card does not have it or it is empty.
  mutating func object(_ card: borrowing CardTransaction, _ tag: [UInt8]) throws(Failure) -> ArraySlice<UInt8>? {
    let data = [0x5C, UInt8(truncatingIfNeeded: tag.count)] + tag
    func get(_ form: LengthForm) throws(Failure) -> ResponseAPDU {
      try card.send(
        CommandAPDU(ins: 0xCB, p1: 0x3F, p2: 0xFF, data: data, le: form == .short ? 256 : 65_536), form: form)
    }
    var answer = try get(form)
    if answer.status == .wrongLength, form == .extended {
      // The ATR promised more than the card holds.
      form = .short
      answer = try get(form)
    }
    switch answer.status {
    case .success: break
    case .fileNotFound: return nil
    default: throw .refused("GET DATA", answer.status, context: hexText(tag))
    }
    guard let content = try TLVReader.find(0x53, in: answer.data[...]) else {
      throw Failure(.answerMalformed, function: "GET DATA", context: hexText(tag))
    }
    return content.isEmpty ? nil : content
  }

  /// Which PIN the holder was given, by the Discovery Object (`7E`; part 1 §3.3.2): where its usage policy (`5F2F`) says
  /// that the Global PIN satisfies this application too and is the one that people use, the application's own would cost
  /// a try for each right PIN. A make with GET METADATA has no other than its own.
  mutating func findUserPIN(_ card: borrowing CardTransaction) throws(Failure) {
    guard !offersMetadata else { return }
    if let known = found.reference.withLock({ $0 }) {
      userPIN = known
      return
    }
    let answer = try card.send(CommandAPDU(ins: 0xCB, p1: 0x3F, p2: 0xFF, data: [0x5C, 0x01, 0x7E], le: 256))
    if answer.status.isSuccess, let template = try? TLVReader.find(0x7E, in: answer.data[...]),
      let policy = try? TLVReader.find(0x5F2F, in: template), policy.count == 2, let kinds = policy.first,
      let primary = policy.last, kinds & 0x20 != 0, primary == 0x20
    {
      userPIN = PIVPIN.global
    }
    let told = userPIN
    found.reference.withLock { $0 = told }
  }

  /// The state of the holder's PIN by VERIFY without data: it asks and never costs a try, because no PIN is sent
  /// (part 2 §3.2.1). Padding or an empty PIN would be a try.
  ///
  /// A card that has GET METADATA tells more by it, and also while the PIN is verified.
  func pinStatus(_ card: borrowing CardTransaction) throws(Failure) -> Reading<PINStatus> {
    if let status = try metadata(card, userPIN)?.status { return .value(status) }
    let answer = try card.send(CommandAPDU(ins: 0x20, p2: userPIN))
    switch answer.status {
    case .success:
      // Already verified by someone in this power cycle: the card does not tell the tries now.
      return .value(PINStatus(triesMax: nil, triesLeft: nil, isLocked: false, isDefault: nil, isVerified: true))
    case .authenticationBlocked:
      return .value(PINStatus(triesMax: nil, triesLeft: 0, isLocked: true, isDefault: nil))
    case .referenceDataNotFound, .functionNotSupported, .instructionNotSupported:
      return .notOffered
    default:
      guard let left = answer.status.triesLeft else { throw .refused("VERIFY (empty)", answer.status) }
      return .value(PINStatus(triesMax: nil, triesLeft: left, isLocked: left == 0, isDefault: nil))
    }
  }
}

/// Key references of PINs (SP 800-73-4 part 1 table 4b).
enum PIVPIN {
  /// The Global PIN, which other applications of the card have too.
  static let global: UInt8 = 0x00
  /// The PIV Card Application PIN.
  static let application: UInt8 = 0x80
  /// The PIN Unblocking Key.
  static let puk: UInt8 = 0x81
}
