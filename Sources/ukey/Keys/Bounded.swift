import Base
import Failures

/// Work with readers that may stand still, on a thread of its own and not waited for longer than ``KeyCollector/limit``.
enum Bounded {
  private final class Shared<Value>: @unchecked Sendable {
    // Unchecked: `condition` guards it, and the value has one user at a time: the thread that made it, then the caller.
    let condition = Condition()
    var result: Result<Value, Failure>?
  }

  /// - Throws: what `body` throws; `UK-126` when it takes longer.
  static func run<Value>(_ body: @escaping @Sendable () throws(Failure) -> Value) throws(Failure) -> Value {
    let shared = Shared<Value>()
    let started = WorkerThread.start {
      let result: Result<Value, Failure>
      do throws(Failure) {
        result = .success(try body())
      } catch {
        result = .failure(error)
      }
      shared.condition.withLock {
        shared.result = result
        shared.condition.broadcast()
      }
    }
    guard started else { throw Failure(.internalError, function: "pthread_create") }
    let deadline = Condition.now() + KeyCollector.limit
    let result = shared.condition.withLock {
      while shared.result == nil, shared.condition.wait(until: deadline) {}
      return shared.result
    }
    guard let result else { throw Failure(.cardTimeout, context: "10 s") }
    return try result.get()
  }
}
