internal import Base
internal import Synchronization

/// Threads that answer requests, each with a connection of its own: what waits for the disk or computes a hash is kept from
/// Swift's cooperative pool and from the event loops.
final class Workers: Sendable {
  typealias Work = @Sendable (Store) -> Void

  private struct Queue: Sendable {
    var waiting: [Work] = []
    /// Who has nothing to do. The last one is asked first: its connection still knows what the database said.
    var resting: [Rest] = []
    var isEnding = false
  }

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
    let (isTaken, rest) = queue.withLock { queue -> (Bool, Rest?) in
      guard !queue.isEnding, queue.waiting.count < limit else { return (false, nil) }
      queue.waiting.append(work)
      return (true, queue.resting.popLast())
    }
    rest?.wake()
    return isTaken
  }

  /// The threads end when nothing waits any more.
  func end() {
    let resting = queue.withLock { queue in
      queue.isEnding = true
      defer { queue.resting = [] }
      return queue.resting
    }
    for rest in resting { rest.wake() }
  }

  private func run(_ store: Store) {
    let rest = Rest()
    while true {
      let (work, isEnding) = queue.withLock { queue -> (Work?, Bool) in
        if !queue.waiting.isEmpty { return (queue.waiting.removeFirst(), false) }
        if !queue.isEnding { queue.resting.append(rest) }
        return (nil, queue.isEnding)
      }
      if let work {
        work(store)
      } else if isEnding {
        return
      } else {
        rest.wait()
      }
    }
  }
}

/// Where one thread waits to be woken; also when that came first.
private final class Rest: Sendable {
  private let condition = Condition()
  private let isWoken = Mutex(false)

  func wake() {
    condition.withLock {
      isWoken.withLock { $0 = true }
      condition.signal()
    }
  }

  func wait() {
    condition.withLock {
      while !isWoken.withLock({ $0 }) { _ = condition.wait() }
      isWoken.withLock { $0 = false }
    }
  }
}
