internal import Synchronization

/// Lets one in at a time, for as long as several calls take: unlike a lock it may be taken and released by different
/// functions and threads. Not reentrant.
package final class Gate: Sendable {
  private let condition = Condition()
  private let isTaken = Atomic(false)

  package init() {}

  /// Waits until it is free and takes it.
  package func take() {
    condition.withLock {
      while isTaken.load(ordering: .relaxed) { _ = condition.wait() }
      isTaken.store(true, ordering: .relaxed)
    }
  }

  package func release() {
    condition.withLock {
      isTaken.store(false, ordering: .relaxed)
      condition.broadcast()
    }
  }
}
