internal import SmartCard

/// One thing after the other that asks a card, on a thread that is there only while there is something to do. What pages
/// can pile up is limited.
final class CardQueue: @unchecked Sendable {
  // Unchecked: `lock` guards the rest.
  static let limit = 16

  private let lock = Lock()
  private var waiting: [@Sendable () -> Void] = []
  private var isRunning = false

  /// - Returns: `false` when too much is waiting; `body` is then not run.
  func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, starts) = lock.withLock { () -> (Bool, Bool) in
      guard waiting.count < Self.limit else { return (false, false) }
      waiting.append(body)
      let starts = !isRunning
      isRunning = true
      return (true, starts)
    }
    guard isTaken, starts else { return isTaken }
    if WorkerThread.start({ [self] in work() }) { return true }
    lock.withLock {
      waiting.removeAll()
      isRunning = false
    }
    return false
  }

  private func work() {
    while let body = next() { body() }
  }

  private func next() -> (@Sendable () -> Void)? {
    lock.withLock {
      guard !waiting.isEmpty else {
        isRunning = false
        return nil
      }
      return waiting.removeFirst()
    }
  }
}
