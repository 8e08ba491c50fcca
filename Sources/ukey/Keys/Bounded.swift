import Base
import Failures

/// Work with readers that may stand still, on a thread of its own and not waited for longer than ``KeyCollector/limit``.
enum Bounded {
  private struct Handed<Value>: @unchecked Sendable {
    // Unchecked: the value has one user at a time: the thread that made it, then the caller.
    var result: Result<Value, Failure>
  }

  /// - Throws: what `body` throws; `UK-126` when it takes longer.
  static func run<Value>(_ body: @escaping @Sendable () throws(Failure) -> Value) throws(Failure) -> Value {
    let answers = FanOut<Handed<Value>>(count: 1)
    let started = answers.ask(0) {
      do throws(Failure) {
        return Handed(result: .success(try body()))
      } catch {
        return Handed(result: .failure(error))
      }
    }
    guard started else { throw Failure(.internalError, function: "pthread_create") }
    guard let answer = answers.wait(until: .now + KeyCollector.limit)[0] else {
      throw Failure(.cardTimeout, context: "10 s")
    }
    return try answer.result.get()
  }
}
