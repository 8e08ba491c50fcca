internal import Base
internal import Failures
internal import Glibc
internal import SmartCard

/// A link for one operation whose calls all end within ``limit``, whatever card, reader and other programs do.
///
/// The calls are made on a thread of its own. When the limit passes in one of them, it and all later ones fail with
/// `UK-126`, or with `UK-124` where the card never became ours; the thread is left behind and lets go of the card as soon
/// as it can.
final class TimedLink: CardLink {
  /// For the whole operation, waiting for another program's transaction included.
  static var limit: Duration { CardLimit.duration }

  private(set) var atr: [UInt8]
  private(set) var cardProtocol: CardProtocol
  private let worker: Worker
  private let deadline: Instant

  /// - Throws: `UK-440` without locked memory for commands, `UK-999` without a thread.
  init(_ link: any CardLink, limit: Duration = TimedLink.limit) throws(Failure) {
    atr = link.atr
    cardProtocol = link.cardProtocol
    deadline = .now + limit
    let worker = try Worker(link)
    guard WorkerThread.start({ worker.run() }) else { throw Failure(.internalError, function: "pthread_create") }
    self.worker = worker
  }

  deinit { worker.end() }

  func beginTransaction() throws(Failure) {
    _ = try worker.call(.begin, deadline)
    atr = worker.link.atr
    cardProtocol = worker.link.cardProtocol
  }

  func endTransaction(resetting: Bool) { _ = try? worker.call(.end(resetting: resetting), deadline) }

  func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    guard command.count <= LockedMemory.pageSize else {
      throw Failure(.internalError, function: "transmit", context: "\(command.count)")
    }
    let count = try worker.call(.transmit(command.count), deadline, command)
    guard count <= response.count else { throw Failure(.answerMalformed, function: "transmit", context: "\(count)") }
    response.copyMemory(from: UnsafeRawBufferPointer(rebasing: worker.answer[..<count]))
    return count
  }

  /// The thread and what it shares with the caller.
  private final class Worker: @unchecked Sendable {
    // Unchecked: `condition` guards all that changes. Link and buffers belong to the thread while a request is open and
    // to the caller otherwise.
    enum Request {
      case begin
      case transmit(Int)
      case end(resetting: Bool)

      var name: String {
        switch self {
        case .begin: "SCardBeginTransaction"
        case .transmit: "SCardTransmit"
        case .end: "SCardEndTransaction"
        }
      }
    }

    let link: any CardLink
    let answer: UnsafeMutableRawBufferPointer
    private let command: LockedMemory
    private let condition = Condition()
    private var request: Request?
    private var reply: Result<Int, Failure>?
    private var inTransaction = false
    private var hasSent = false
    private var isLate = false
    private var isEnded = false

    init(_ link: any CardLink) throws(Failure) {
      self.link = link
      command = try LockedMemory()
      answer = .allocate(byteCount: 65_536 + 2, alignment: 1)
    }

    deinit { answer.deallocate() }

    /// - Returns: the number of bytes in ``answer``, 0 for requests without one.
    func call(
      _ wanted: Request, _ deadline: Instant, _ bytes: UnsafeRawBufferPointer? = nil
    ) throws(Failure) -> Int {
      let result: Result<Int, Failure>? = condition.withLock {
        guard !isLate else { return nil }
        if let bytes { for (index, byte) in bytes.enumerated() { command[index] = byte } }
        request = wanted
        reply = nil
        condition.broadcast()
        while reply == nil, condition.wait(until: deadline) {}
        isLate = reply == nil
        return reply
      }
      if let result { return try result.get() }
      // The card was never ours: it is kept by another program and may be in the best of health.
      if case .begin = wanted { throw .lateTurn }
      throw Failure(.cardTimeout, function: wanted.name, context: CardLimit.text)
    }

    func end() {
      condition.withLock {
        isEnded = true
        condition.broadcast()
      }
    }

    func run() {
      while let wanted = next() {
        let result = perform(wanted)
        command.wipe()
        let isLate = condition.withLock {
          request = nil
          reply = result
          condition.broadcast()
          return self.isLate
        }
        if isLate { break }
      }
      // Nobody waits any more: what became of a PIN is not known, so the card is to forget it. One to which nothing was
      // sent keeps what other programs verified.
      if inTransaction { link.endTransaction(resetting: hasSent) }
    }

    private func next() -> Request? {
      condition.withLock {
        while request == nil, !isEnded { _ = condition.wait() }
        return request
      }
    }

    private func perform(_ wanted: Request) -> Result<Int, Failure> {
      do throws(Failure) {
        switch wanted {
        case .begin:
          try link.beginTransaction()
          inTransaction = true
          return .success(0)
        case .transmit(let count):
          hasSent = true
          return .success(try link.transmit(command.bytes(count), into: answer))
        case .end(let resetting):
          inTransaction = false
          link.endTransaction(resetting: resetting)
          return .success(0)
        }
      } catch {
        return .failure(error)
      }
    }
  }
}
