internal import CPCSC
internal import Failures

/// A card behind pcscd, connected shared with T=0 or T=1.
final class PCSCCard: CardLink {
  private let context: PCSCContext
  private let handle: SCARDHANDLE
  private let reader: String
  private(set) var atr: [UInt8]
  private(set) var cardProtocol: CardProtocol

  /// - Throws: `UK-120` no card, `UK-121` mute, `UK-124` held exclusively, or another failure.
  init(context: PCSCContext, reader: String) throws(Failure) {
    var handle = SCARDHANDLE()
    var active = DWORD()
    try SCard.call("SCardConnect", context: reader) {
      SCardConnect(
        context.handle, reader, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), &handle,
        &active)
    }
    self.context = context
    self.handle = handle
    self.reader = reader
    cardProtocol = active == DWORD(SCARD_PROTOCOL_T1) ? .t1 : .t0
    atr = []
  }

  deinit { SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD)) }

  /// Gives the ATR that the reader's state already told, which saves asking for it.
  func setATR(_ bytes: [UInt8]) { atr = bytes }

  func beginTransaction() throws(Failure) {
    for attempt in 0... {
      do throws(Failure) {
        try SCard.call("SCardBeginTransaction", context: reader) { SCardBeginTransaction(handle) }
        return
      } catch {
        // Another program reset the card: connect again and take it; nothing was lost, no transaction was open.
        guard error.code == .cardReset, attempt < 3 else { throw error }
        try reconnect()
      }
    }
  }

  func endTransaction(resetting: Bool) {
    SCardEndTransaction(handle, DWORD(resetting ? SCARD_RESET_CARD : SCARD_LEAVE_CARD))
    if resetting { try? reconnect() }
  }

  func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    guard let source = command.bindMemory(to: UInt8.self).baseAddress,
      let target = response.bindMemory(to: UInt8.self).baseAddress
    else { throw Failure(.internalError, function: "SCardTransmit") }
    var length = DWORD(response.count)
    do throws(Failure) {
      try SCard.call("SCardTransmit", context: reader) {
        SCardTransmit(
          handle, cardProtocol == .t1 ? ukey_pci_t1() : ukey_pci_t0(), source, DWORD(command.count), nil, target,
          &length)
      }
    } catch {
      if error.code == .cardCommunication || error.code == .cardService, isGone {
        throw Failure(.cardRemoved, function: error.function, number: error.number, context: reader)
      }
      throw error
    }
    // A reader whose card vanishes in the middle may report success and nothing received.
    if length < 2, isGone { throw Failure(.cardRemoved, function: "SCardTransmit", context: reader) }
    return Int(min(length, DWORD(response.count)))
  }

  /// A reader says "not transacted" for a card that was pulled out as well as for a broken line; the service knows, at the
  /// latest when it looks at the reader again (pcscd does so every 400 ms).
  private var isGone: Bool {
    do throws(Failure) {
      // No state: the reader itself is gone, as with a key that is reader and card in one.
      guard let now = try context.statusChange([KnownState(reader: reader, state: 0)])?.first, now.hasCard,
        let later = try context.statusChange([now], milliseconds: 1000)?.first
      else { return true }
      return !later.hasCard
    } catch {
      return false
    }
  }

  private func reconnect() throws(Failure) {
    var active = DWORD()
    try SCard.call("SCardReconnect", context: reader) {
      SCardReconnect(
        handle, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), DWORD(SCARD_LEAVE_CARD),
        &active)
    }
    cardProtocol = active == DWORD(SCARD_PROTOCOL_T1) ? .t1 : .t0
  }
}

extension PCSCCard {
  /// Asks the service for the ATR; the card itself is not asked again.
  func readATR() {
    var bytes = [UInt8](repeating: 0, count: 33)
    var length = DWORD(bytes.count)
    var nameLength = DWORD(0)
    var state = DWORD()
    var active = DWORD()
    let code = SCardStatus(handle, nil, &nameLength, &state, &active, &bytes, &length)
    if UInt32(truncatingIfNeeded: code) == 0 { setATR(Array(bytes.prefix(min(Int(length), 33)))) }
  }
}
