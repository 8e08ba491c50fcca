/// What `body` gives, when that comes within `limit`: a file of a home on a server that is gone, the name of an account, a
/// resolver stand still where nobody can interrupt them.
///
/// It runs on a thread of its own, which is left behind when it is late; where the system gives no thread, here and without
/// limit.
package func inTime<Answer: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () -> Answer) -> Answer? {
  let fan = FanOut<Answer>(count: 1)
  return fan.ask(0, body) ? fan.wait(until: .now + limit)[0] : body()
}
