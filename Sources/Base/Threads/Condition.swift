internal import Glibc

/// A mutex with a condition variable on the monotonic clock.
package final class Condition: @unchecked Sendable {
  // Unchecked: this is the thing that makes others safe.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  package init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  package func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Wakes one waiter: where each can do what is there to do.
  package func signal() { pthread_cond_signal(condition) }

  /// Wakes every waiter.
  package func broadcast() { pthread_cond_broadcast(condition) }

  /// Waits inside ``withLock(_:)`` until woken or until `deadline` (`nil`: for ever). May also return for no reason: look
  /// at the state again.
  ///
  /// - Returns: `false` when the deadline has passed.
  package func wait(until deadline: Instant? = nil) -> Bool {
    guard let deadline else {
      pthread_cond_wait(condition, mutex)
      return true
    }
    let nanoseconds = deadline.nanoseconds
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
  }
}
