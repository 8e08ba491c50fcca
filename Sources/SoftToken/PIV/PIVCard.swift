internal import COpenSSL
package import Failures

/// A PIV card made of software, to NIST SP 800-73-4 part 2 (card commands) with the freedoms of ``PIVCardSettings``.
///
/// PIN 123456, PUK 12345678 unless personalized otherwise.
package final class PIVCard: SoftCard {
  /// Full AID of the PIV Card Application, version 01.00 (SP 800-73-4 part 1, 2.2).
  static let applicationID: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00]
  /// Command data gathered over a chain, at most.
  static let commandLimit = 16_384
  /// Response data, at most: with the status word it still fits the 2-byte length of a virtual reader.
  static let responseLimit = 65_533

  package let settings: PIVCardSettings
  var state: PIVState
  private let store: any StateStore

  // Volatile: lost by power and reset.
  var isSelected = false
  var isPINVerified = false
  /// The PIN was verified by the command before this one (the security condition "PIN Always" of key 9C).
  var isPINFresh = false
  var isManagementAuthenticated = false
  var managementChallenge: ManagementChallenge?
  private var chain: Chain?
  private var pending: [UInt8] = []

  /// A challenge the card gave out for key 9B, waiting for its answer.
  enum ManagementChallenge: Equatable {
    case witness([UInt8])
    case external([UInt8])
  }

  private struct Chain {
    let header: [UInt8]
    var data: [UInt8]
    let isPINFresh: Bool
  }

  /// Takes the card's state from `store`; an empty store gets a new card, which `personalization` may fill first.
  ///
  /// - Throws: `UK-620` when the state cannot be read or stored, and what `personalization` throws.
  package init(
    settings: PIVCardSettings = PIVCardSettings(), store: any StateStore,
    personalization: (PIVCard) throws(Failure) -> Void = { _ throws(Failure) in }
  ) throws(Failure) {
    ukey_openssl_start()
    self.settings = settings
    self.store = store
    if let block = try store.load() {
      guard let state = PIVState(encoded: block) else { throw Failure(.softTokenState, context: "PIV state") }
      self.state = state
    } else {
      // Filled in memory and stored once: a directory holds a whole card or none.
      let draft = PIVCard(settings: settings)
      try personalization(draft)
      state = draft.state
      try store.save(draft.state.encoded())
    }
  }

  /// A new card without certificates whose state lives in memory.
  package init(settings: PIVCardSettings = PIVCardSettings()) {
    self.settings = settings
    store = MemoryStore()
    state = PIVState(tries: settings.tries)
  }

  /// T=0 or T=1 by the settings. Historical bytes to ISO/IEC 7816-4, 8.1.1: card capabilities (73) and the issuer's
  /// data "PIV" (53), or as on a YubiKey "YubiKey" (57).
  package var atr: [UInt8] {
    let lengths: UInt8 = (settings.commandChaining ? 0x80 : 0) | (settings.extendedLength ? 0x40 : 0)
    let name = Array((settings.metadata ? "YubiKey" : "PIV").utf8)
    let historical: [UInt8] = [0x80, 0x73, 0xC0, 0x21, lengths, 0x50 | UInt8(name.count)] + name
    let count = UInt8(clamping: historical.count)
    switch settings.transmissionProtocol {
    case .t0:
      return [0x3B, 0x60 | count, 0x00, 0x00] + historical
    case .t1:
      let bytes = [0x80 | count, 0x81, 0x31, 0xFE, 0x15] + historical
      return [0x3B] + bytes + [bytes.reduce(0, ^)]
    }
  }

  package func reset() {
    isSelected = false
    chain = nil
    pending = []
    forgetSecurityStatus()
  }

  func forgetSecurityStatus() {
    isPINVerified = false
    isPINFresh = false
    isManagementAuthenticated = false
    managementChallenge = nil
  }

  package func process(_ command: [UInt8]) -> [UInt8] {
    let answer = respond(to: command)
    return answer.data + [UInt8(answer.status >> 8), UInt8(answer.status & 0xFF)]
  }

  // MARK: Framing: class byte, lengths, chaining

  private func respond(to bytes: [UInt8]) -> PIVAnswer {
    guard let command = PIVCommand(bytes) else { return .status(PIVStatus.wrongLength) }
    guard !command.isExtended || settings.extendedLength else { return .status(PIVStatus.wrongLength) }
    switch command.cla {
    case 0x00, 0x10: break
    case 0x01...0x03, 0x11...0x13: return .status(PIVStatus.channelNotSupported)
    case 0x04...0x0F, 0x14...0x1F: return .status(PIVStatus.secureMessagingNotSupported)
    default: return .status(PIVStatus.unknownClass)
    }
    if command.cla == 0x00, command.ins == Instruction.getResponse { return continueResponse(command) }
    pending = []
    switch gather(command) {
    case .answer(let status): return .status(status)
    case .whole(let whole): return deliver(perform(whole), for: whole)
    }
  }

  private enum Gathered {
    case whole(PIVCommand)
    case answer(UInt16)
  }

  /// Puts the links of a command chain together (ISO/IEC 7816-4, 5.1.1.1).
  private func gather(_ command: PIVCommand) -> Gathered {
    let isLast = command.cla & 0x10 == 0
    guard isLast || settings.commandChaining else { return .answer(PIVStatus.chainingNotSupported) }
    let header = [command.ins, command.p1, command.p2]
    var current = chain ?? Chain(header: header, data: [], isPINFresh: isPINFresh)
    chain = nil
    isPINFresh = false
    guard current.header == header else { return .answer(PIVStatus.lastCommandExpected) }
    current.data += command.data
    guard isLast || current.data.count <= Self.commandLimit else { return .answer(PIVStatus.notEnoughMemory) }
    guard isLast else {
      chain = current
      return .answer(PIVStatus.success)
    }
    isPINFresh = current.isPINFresh
    var whole = command
    whole.data = current.data
    return .whole(whole)
  }

  private func perform(_ command: PIVCommand) -> PIVAnswer {
    let wasFresh = isPINFresh
    isPINFresh = false
    defer { if settings.forgetsVerified, !isPINFresh { isPINVerified = false } }
    if command.ins == Instruction.select { return select(command) }
    guard isSelected else { return .status(PIVStatus.unknownInstruction) }
    switch command.ins {
    case Instruction.getData: return getData(command)
    case Instruction.putData: return putData(command)
    case Instruction.verify: return verify(command)
    case Instruction.changeReferenceData: return changeReferenceData(command)
    case Instruction.resetRetryCounter: return resetRetryCounter(command)
    case Instruction.generalAuthenticate: return generalAuthenticate(command, isPINFresh: wasFresh)
    case Instruction.generateKeyPair: return generateKeyPair(command)
    case Instruction.yubicoGetVersion: return settings.yubicoVersion.map { .data($0) } ?? unknownInstruction
    case Instruction.yubicoGetMetadata: return settings.metadata ? metadata(command) : unknownInstruction
    case Instruction.yubicoGetSerial:
      let serial = settings.yubicoSerial
      return serial.map { number in .data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }) }
        ?? unknownInstruction
    default: return unknownInstruction
    }
  }

  private var unknownInstruction: PIVAnswer { .status(PIVStatus.unknownInstruction) }

  // MARK: Response chaining

  /// Hands out data by the Le field: whole, in pieces with 61xx, or not at all with 6Cxx.
  private func deliver(_ answer: PIVAnswer, for command: PIVCommand) -> PIVAnswer {
    guard !answer.data.isEmpty, answer.status == PIVStatus.success else { return answer }
    guard answer.data.count <= Self.responseLimit else { return .status(PIVStatus.internalError) }
    if command.isExtended, let le = command.le, answer.data.count <= le, !settings.always61xx { return answer }
    pending = answer.data
    let announced = settings.always61xx || (command.le == nil && settings.withoutLe == .announce)
    if announced { return .status(PIVStatus.moreData(announcedCount)) }
    return nextPiece(for: command)
  }

  private func continueResponse(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0, command.p2 == 0 else { return .status(PIVStatus.wrongParameters) }
    guard !pending.isEmpty else { return .status(PIVStatus.conditionsOfUse) }
    return nextPiece(for: command)
  }

  private func nextPiece(for command: PIVCommand) -> PIVAnswer {
    let le = command.le ?? 256
    if settings.exactLe, command.le != nil, !command.leIsOpen, !command.isExtended, le > pending.count {
      return .status(PIVStatus.exactLength(pending.count))
    }
    let most = command.isExtended ? le : min(le, settings.pieceLength)
    let piece = Array(pending.prefix(most))
    pending.removeFirst(piece.count)
    let status = pending.isEmpty ? PIVStatus.success : PIVStatus.moreData(announcedCount)
    return PIVAnswer(data: piece, status: status)
  }

  /// What 61xx says: with pieces of 255 bytes never more than FF, otherwise 00 for 256 and more.
  private var announcedCount: Int { min(pending.count, settings.pieceLength) }

  // MARK: SELECT (part 2, 3.1.1)

  private func select(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x04, command.p2 == 0x00 else { return .status(PIVStatus.wrongParameters) }
    let withoutVersion = Self.applicationID.count - 2
    let shortest = settings.partialAID ? 5 : withoutVersion
    let isWhole = command.data.count == Self.applicationID.count
    guard
      isWhole || (shortest...withoutVersion).contains(command.data.count),
      Self.applicationID.starts(with: command.data)
    else { return .status(PIVStatus.notFound) }
    if !isSelected || !settings.keepsVerifiedOnSelect { forgetSecurityStatus() }
    isSelected = true
    // Application property template, table 3: the PIX with version, and the allocation authority's RID.
    return .data(
      PIVTLV.encode(
        0x61,
        [
          PIVTLV.encode(0x4F, Array(Self.applicationID.dropFirst(5))),
          PIVTLV.encode(0x79, PIVTLV.encode(0x4F, Array(Self.applicationID.prefix(5)))),
        ]))
  }

  // MARK: Durable changes

  /// Changes the state and makes it durable; on failure nothing is changed and the answer is 6581.
  func change(_ body: (inout PIVState) -> Void) -> Bool {
    var changed = state
    body(&changed)
    guard changed != state else { return true }
    do {
      try store.save(changed.encoded())
    } catch {
      return false
    }
    state = changed
    return true
  }

  enum Instruction {
    static let verify: UInt8 = 0x20
    static let changeReferenceData: UInt8 = 0x24
    static let resetRetryCounter: UInt8 = 0x2C
    static let generateKeyPair: UInt8 = 0x47
    static let generalAuthenticate: UInt8 = 0x87
    static let select: UInt8 = 0xA4
    static let getResponse: UInt8 = 0xC0
    static let getData: UInt8 = 0xCB
    static let putData: UInt8 = 0xDB
    static let yubicoGetMetadata: UInt8 = 0xF7
    static let yubicoGetSerial: UInt8 = 0xF8
    static let yubicoGetVersion: UInt8 = 0xFD
  }
}
