package import Failures

/// Exclusive use of one card, from the moment it is made until it ends; commands go through it and nowhere else.
///
/// Not copyable: its life is the lock (SCardBeginTransaction … SCardEndTransaction). Keep it short, so that a browser
/// helper can use the key.
package struct CardTransaction: ~Copyable {
  /// An answer longer than this over all its pieces is refused (`UK-204`); the largest object on a key is a
  /// certificate, capped at 64 KiB.
  package static let maxAnswer = 128 * 1024

  private let link: any CardLink
  private let buffer: UnsafeMutableRawBufferPointer
  /// Set to make the card forget verified PINs when the transaction ends.
  private var resetting = false
  private let lengths = KnownLengths()

  /// What the card has shown of the lengths that it takes.
  private final class KnownLengths {
    var areShort = false
  }

  /// - Throws: `UK-122` card removed, `UK-124` held exclusively by another program, or another failure of the link.
  package init(_ link: any CardLink) throws(Failure) {
    try link.beginTransaction()
    self.link = link
    buffer = .allocate(byteCount: 65_536 + 2, alignment: 1)
  }

  deinit {
    link.endTransaction(resetting: resetting)
    // Answers are public data, but the page may be handed to anyone next.
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    buffer.deallocate()
  }

  package var atr: [UInt8] { link.atr }
  package var cardProtocol: CardProtocol { link.cardProtocol }

  /// Makes the card forget verified PINs (by a reset) when this transaction ends.
  package mutating func resetAtEnd() { resetting = true }

  /// Sends a command and collects the whole answer: GET RESPONSE while the card says 61XX, once more with the right
  /// Le when it says 6CXX (not 6C00 to an extended command, which tells nothing), command chaining (CLA bit 0x10)
  /// when the data do not fit the short form.
  ///
  /// Extended length goes only where it can: not by T=0, and not to a card (or reader) that answers 6700 to it and then
  /// takes the same command in the short form. Nothing was done by a command whose length is wrong (ISO/IEC 7816-4 §5.6).
  ///
  /// - Returns: data and the final status word, whatever it is.
  /// - Throws: `UK-204` when the answer has no end, `UK-203` for an answer without status word, link failures.
  package func send(_ command: CommandAPDU, form: LengthForm = .short) throws(Failure) -> ResponseAPDU {
    let fitting = self.fitting(form)
    let answer = try whole(command, fitting)
    guard fitting == .extended, answer.status == .wrongLength else { return answer }
    let shorter = try whole(command, .short)
    guard shorter.status.isSuccess else { return answer }
    lengths.areShort = true
    return shorter
  }

  private func fitting(_ form: LengthForm) -> LengthForm {
    form == .extended && (lengths.areShort || cardProtocol == .t0) ? .short : form
  }

  private func whole(_ command: CommandAPDU, _ form: LengthForm) throws(Failure) -> ResponseAPDU {
    var command = command
    if form == .short {
      // All there is, as the short form says it; more than 256 bytes come by 61XX.
      command.le = command.le.map { min($0, 256) }
      while command.data.count > 255 {
        let part = CommandAPDU(
          cla: command.cla | 0x10, ins: command.ins, p1: command.p1, p2: command.p2,
          data: Array(command.data.prefix(255)))
        let answer = try exchange(try part.encoded(.short))
        guard answer.status.isSuccess else { return answer }
        command.data.removeFirst(255)
      }
    }
    var answer = try first(command, form)
    if let le = answer.status.expectedLe, form == .short || answer.status.sw2 != 0 {
      command.le = le
      answer = try exchange(try command.encoded(form))
    }
    return try collect(answer, cla: command.cla & 0x03)
  }

  /// Sends a command exactly once and returns what the card said, 61XX and 6CXX included: for commands with a PIN,
  /// where a repetition could cost a second try.
  package func sendOnce(_ command: CommandAPDU, form: LengthForm = .short) throws(Failure) -> ResponseAPDU {
    try exchange(try command.encoded(fitting(form)))
  }

  /// Sends bytes that hold a PIN in clear, exactly once. They are read from locked memory, not copied, and no chaining is done.
  ///
  /// - Parameter bytes: the encoded command APDU.
  package func sendSecret(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> ResponseAPDU {
    try split(try link.transmit(bytes, into: buffer))
  }

  /// T=0 has no room for Lc and Le in one command (ISO/IEC 7816-3 §12.2.1.3, PC/SC part 5): the Le stays away, and the
  /// card says with 61XX how much it has. One that takes the missing Le for "no answer wanted" is asked once more with it.
  private func first(_ command: CommandAPDU, _ form: LengthForm) throws(Failure) -> ResponseAPDU {
    guard cardProtocol == .t0, form == .short, !command.data.isEmpty, command.le != nil else {
      return try exchange(try command.encoded(form))
    }
    var withoutLe = command
    withoutLe.le = nil
    let answer = try exchange(try withoutLe.encoded(form))
    guard answer.status.isSuccess, answer.data.isEmpty else { return answer }
    return try exchange(try command.encoded(form))
  }

  private func collect(_ first: ResponseAPDU, cla: UInt8) throws(Failure) -> ResponseAPDU {
    var answer = first
    while let available = answer.status.bytesAvailable {
      let next = try exchange(try CommandAPDU(cla: cla, ins: 0xC0, le: available).encoded(.short))
      // A card that says 61XX for ever must not hold us: every round has to bring something, up to the limit.
      if next.status.bytesAvailable != nil, next.data.isEmpty {
        throw Failure(.answerTooLong, function: "GET RESPONSE", number: .statusWord(next.status.rawValue))
      }
      if let le = next.status.expectedLe {
        let again = try exchange(try CommandAPDU(cla: cla, ins: 0xC0, le: le).encoded(.short))
        answer = ResponseAPDU(data: answer.data + again.data, status: again.status)
        if again.data.isEmpty { break }
      } else {
        answer.data += next.data
        answer.status = next.status
      }
      guard answer.data.count <= Self.maxAnswer else {
        throw Failure(.answerTooLong, function: "GET RESPONSE", context: "\(answer.data.count)")
      }
    }
    return answer
  }

  private func exchange(_ bytes: [UInt8]) throws(Failure) -> ResponseAPDU {
    let count = try bytes.withUnsafeBufferPointer { (raw) throws(Failure) in
      try link.transmit(UnsafeRawBufferPointer(raw), into: buffer)
    }
    return try split(count)
  }

  private func split(_ count: Int) throws(Failure) -> ResponseAPDU {
    guard count >= 2, count <= buffer.count else {
      throw Failure(.answerMalformed, function: "SCardTransmit", context: "\(count)")
    }
    return ResponseAPDU(
      data: Array(buffer[0..<count - 2]), status: StatusWord(buffer[count - 2], buffer[count - 1]))
  }
}
