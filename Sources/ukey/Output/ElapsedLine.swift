import Base
import Glibc
import Wording

/// Says on a terminal that one long call goes on: its seconds, from the second on, in a line that is gone at the end. Nothing where
/// standard error is no terminal.
final class ElapsedLine: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes; a mutex would not let the thread sleep until the next second or the end.
  private let condition = Condition()
  private var isOver = false
  private var width = 0

  init(_ language: Language) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    let (words, begun) = (ProgressWords[language], Instant.now)
    _ = WorkerThread.start { [self] in
      var seconds = 2
      while goesOn(until: begun + .seconds(seconds), text: words.elapsed(seconds)) { seconds += 1 }
    }
  }

  /// - Returns: whether it was not over by then; the text stands there.
  private func goesOn(until deadline: Instant, text: String) -> Bool {
    condition.withLock {
      while !isOver, condition.wait(until: deadline) {}
      guard !isOver else { return false }
      let line = ProgressLine.fitted(text)
      Output.errorText("\r" + line)
      width = textWidth(line)
      return true
    }
  }

  /// What is printed from here on begins at the left edge.
  func end() {
    condition.withLock {
      isOver = true
      condition.broadcast()
      if width > 0 { Output.errorText("\r" + String(repeating: " ", count: width) + "\r") }
      width = 0
    }
  }
}
