import Base
import TokenKit
import Wording

/// Says what is waited for when a key takes its time over an operation with a PIN: it may want a button pressed, and
/// signals are held meanwhile.
final class WaitNotice: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  private static let patience = Duration.seconds(2)

  private let condition = Condition()
  private var isOver = false

  init(_ language: Language) {
    let deadline = Instant.now + Self.patience
    _ = WorkerThread.start { [self] in
      let isLong = condition.withLock {
        while !isOver, condition.wait(until: deadline) {}
        return !isOver
      }
      if isLong { Output.note(PINCommandWords[language].waiting) }
    }
  }

  func end() {
    condition.withLock {
      isOver = true
      condition.broadcast()
    }
  }
}
