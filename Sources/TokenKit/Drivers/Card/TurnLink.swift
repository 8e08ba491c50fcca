internal import Base
internal import Failures
internal import SmartCard

/// A link that waits for its turn no longer than ``CardLimit/turn``: a key that another program keeps for itself is busy,
/// which is something else than a key that does not answer.
///
/// PC/SC has no limit for that wait, so it is made on a thread of its own. One that is late is left behind and gives the
/// card back as soon as it gets it. All else goes to the link itself.
final class TurnLink: CardLink {
  private let link: any CardLink
  private let limit: Duration

  init(_ link: any CardLink, limit: Duration = CardLimit.turn) {
    self.link = link
    self.limit = limit
  }

  var atr: [UInt8] { link.atr }
  var cardProtocol: CardProtocol { link.cardProtocol }

  /// - Throws: `UK-124` when the turn does not come in time; what the link throws.
  func beginTransaction() throws(Failure) {
    let turn = Turn(link)
    guard WorkerThread.start({ turn.take() }) else { throw Failure(.internalError, function: "pthread_create") }
    guard turn.wait(until: .now + limit) else { throw .lateTurn }
    if let failure = turn.failure { throw failure }
  }

  func endTransaction(resetting: Bool) { link.endTransaction(resetting: resetting) }

  func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    try link.transmit(command, into: response)
  }

  /// One wait, shared by the thread that makes it and the one that wants its end.
  private final class Turn: @unchecked Sendable {
    // Unchecked: `condition` guards all that changes; the link belongs to the thread until the result is there.
    private let link: any CardLink
    private let condition = Condition()
    private var isDone = false
    private var isLate = false
    /// Why there is no turn; not to be asked before the wait is over.
    private(set) var failure: Failure?

    init(_ link: any CardLink) { self.link = link }

    func take() {
      var got: Failure?
      do throws(Failure) {
        try link.beginTransaction()
      } catch {
        got = error
      }
      let isLate = condition.withLock {
        failure = got
        isDone = true
        condition.broadcast()
        return self.isLate
      }
      // Nothing was sent to it: what other programs verified stays.
      if isLate, got == nil { link.endTransaction(resetting: false) }
    }

    /// - Returns: `false` when it is late; nobody waits for it any more then.
    func wait(until deadline: Instant) -> Bool {
      condition.withLock {
        while !isDone, condition.wait(until: deadline) {}
        isLate = !isDone
        return isDone
      }
    }
  }
}

extension Failure {
  /// Another program keeps the key in a transaction of its own.
  static var lateTurn: Failure { Failure(.cardBusy, function: "SCardBeginTransaction") }

  /// Whether ``lateTurn`` is what it is: unlike an exclusive holder, such a one is waited for.
  package var isLateTurn: Bool { code == .cardBusy && number == nil }

  /// The same with who may keep the key, where it is kept.
  func naming(_ holders: () -> [String]) -> Failure {
    guard code == .cardBusy else { return self }
    let names = holders()
    return Failure(
      code, function: function, number: number, context: names.isEmpty ? nil : names.joined(separator: ", "),
      causes: causes)
  }
}
