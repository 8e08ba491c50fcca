/// Questions put to several that may stand still, each on a thread of its own; the answers are waited for together and
/// not beyond a deadline. A thread that is late is left behind: its answer comes to nobody.
package final class FanOut<Answer: Sendable>: @unchecked Sendable {
  // Unchecked: `condition` guards the answers.
  private let condition = Condition()
  private var answers: [Answer?]
  /// How many have not answered.
  private var missing: Int

  /// - Parameter count: how many are asked.
  package init(count: Int) {
    answers = Array(repeating: nil, count: count)
    missing = count
  }

  /// Runs `body` on a new thread; its result is the answer of this place.
  ///
  /// - Returns: `false` when the system gives no thread; `body` is then not run and the place has no answer yet.
  package func ask(_ place: Int, _ body: @escaping @Sendable () -> Answer) -> Bool {
    WorkerThread.start { [self] in answer(place, body()) }
  }

  /// The answer of a place, known without asking.
  package func answer(_ place: Int, _ answer: Answer) {
    condition.withLock {
      guard place >= 0, place < answers.count else { return }
      if answers[place] == nil { missing -= 1 }
      answers[place] = answer
      condition.broadcast()
    }
  }

  /// Waits until all have answered, or until the answers so far are `enough`.
  ///
  /// - Returns: by place; `nil` where none came in time.
  package func wait(
    until deadline: Instant, enough: ([Answer?]) -> Bool = { _ in false }
  ) -> [Answer?] {
    condition.withLock {
      while missing > 0, !enough(answers), condition.wait(until: deadline) {}
      return answers
    }
  }

  /// What has come by now.
  package var soFar: [Answer?] { condition.withLock { answers } }
}
