internal import Base
internal import Synchronization

/// One thing after the other that asks a card or writes to another process, on a thread that is there only while there is something to do. What pages
/// can pile up is limited.
final class CardQueue: Sendable {
  static let limit = 16

  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var isRunning = false
  }

  private let state = Mutex(State())

  /// - Returns: `false` when too much is waiting; `body` is then not run.
  func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, starts) = state.withLock { state in
      guard state.waiting.count < Self.limit else { return (false, false) }
      state.waiting.append(body)
      let starts = !state.isRunning
      state.isRunning = true
      return (true, starts)
    }
    guard isTaken, starts else { return isTaken }
    if WorkerThread.start({ [self] in work() }) { return true }
    state.withLock { $0 = State() }
    return false
  }

  private func work() {
    while let body = next() { body() }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isRunning = false
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
