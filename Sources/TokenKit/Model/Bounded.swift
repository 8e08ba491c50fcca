internal import Base
package import Failures

/// Work with a key that may stand still, on a thread of its own and not waited for longer than ``CardLimit/duration``.
package enum Bounded {
  private struct Handed<Value>: @unchecked Sendable {
    // Unchecked: the value has one user at a time: the thread that made it, then the caller.
    var result: Result<Value, Failure>
  }

  /// - Throws: what `body` throws; `UK-126` when it takes longer. It is left behind then, and its end comes to nobody.
  package static func run<Value>(
    limit: Duration = CardLimit.duration, _ body: @escaping @Sendable () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let answers = FanOut<Handed<Value>>(count: 1)
    let started = answers.ask(0) {
      do throws(Failure) {
        return Handed(result: .success(try body()))
      } catch {
        return Handed(result: .failure(error))
      }
    }
    guard started else { throw Failure(.internalError, function: "pthread_create") }
    guard let answer = answers.wait(until: .now + limit)[0] else {
      throw Failure(.cardTimeout, context: CardLimit.text)
    }
    return try answer.result.get()
  }
}
