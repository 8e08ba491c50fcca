internal import Base
internal import Synchronization

/// Threads that answer requests, each with a connection of its own: what waits for the disk or computes a hash is kept from
/// Swift's cooperative pool and from the event loops.
final class Workers: Sendable {
  typealias Work = @Sendable (Store) -> Void

  private struct Queue: Sendable {
    var waiting: [Work] = []
    var isEnding = false
  }

  private let condition = Condition()
  private let queue = Mutex(Queue())
  /// Requests that wait; more are told to come again.
  private let limit: Int

  /// - Throws: when the database cannot be opened.
  init(count: Int, limit: Int, open: () throws(DatabaseError) -> Store) throws(DatabaseError) {
    self.limit = limit
    for _ in 0..<count {
      let store = try open()
      guard WorkerThread.start({ [self] in run(store) }) else { throw DatabaseError(.system, "pthread_create") }
    }
  }

  /// - Returns: `false` when too many wait.
  func add(_ work: @escaping Work) -> Bool {
    let isTaken = queue.withLock { queue in
      guard !queue.isEnding, queue.waiting.count < limit else { return false }
      queue.waiting.append(work)
      return true
    }
    if isTaken { condition.withLock { condition.signal() } }
    return isTaken
  }

  /// The threads end when nothing waits any more.
  func end() {
    queue.withLock { $0.isEnding = true }
    condition.withLock { condition.broadcast() }
  }

  private func run(_ store: Store) {
    while true {
      let work: Work? = condition.withLock {
        while true {
          let (next, isEnding) = queue.withLock { queue in
            (queue.waiting.isEmpty ? nil : queue.waiting.removeFirst(), queue.isEnding)
          }
          if let next { return next }
          if isEnding { return nil }
          _ = condition.wait()
        }
      }
      guard let work else { return }
      work(store)
    }
  }
}
