import Base
import CLinux
import Failures
import Glibc
import StrictJSON
import TokenKit
import Wording

/// Stands beside a PIN that is on its way, while signals are held: says what is waited for when the key takes its time, and lets
/// the user leave when it takes longer than a card may.
final class WaitNotice: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.

  /// Until something is said.
  private static let patience = Duration.seconds(2)
  /// Until a signal that came, or comes, ends the command: a card has answered by then, only a library can take longer. A
  /// keypad waits for the user, who may leave at once.
  private static let hold = KeyCollector.limit

  private let condition = Condition()
  private let pipe: WakePipe
  private var isOver = false

  /// - Parameter leave: prints what is not known then, and gives the exit code.
  init(_ language: Language, atPad: Bool = false, leave: @escaping @Sendable () -> ProgramExit) {
    pipe = (try? WakePipe()) ?? .none()
    let (start, words) = (Instant.now, PINCommandWords[language])
    _ = WorkerThread.start { [self] in
      guard isLong(until: start + Self.patience) else { return }
      // At a keypad the user has been told before.
      if !atPad { Output.note(words.waiting) }
      guard isLong(until: atPad ? .now : start + Self.hold) else { return }
      if !atPad { Output.note(words.mayLeave) }
      if isSignalled() { end(leaving: leave) }
    }
  }

  /// For what became of a PIN.
  convenience init(
    _ common: CommonOptions, _ uncertain: PINOutcome.Uncertain, schema: String, atPad: Bool = false,
    text: @escaping @Sendable (PINOutcome) -> OutcomeText
  ) {
    let (isJSON, language) = (common.json, common.language)
    self.init(language, atPad: atPad) {
      let outcome = PINOutcome.unknown(uncertain, Failure(.cancelled))
      let text = text(outcome)
      if isJSON { Output.outcome(outcome.json(schema: schema, text).text) } else { Output.note(text.lines) }
      return .outcomeUnknown
    }
  }

  func end() {
    // Held by who leaves, until the process is no more: only one of both says what became of it.
    condition.withLock {
      isOver = true
      condition.broadcast()
    }
    pipe.wake()
  }

  /// - Returns: whether it was not over by then.
  private func isLong(until deadline: Instant) -> Bool {
    condition.withLock {
      while !isOver, condition.wait(until: deadline) {}
      return !isOver
    }
  }

  /// Waits for one of the held signals, also one that has come already. - Returns: `false` when it is over before.
  private func isSignalled() -> Bool {
    var signals = PINSession.ending
    let descriptor = ukey_signalfd(&signals)
    guard descriptor >= 0, pipe.readEnd >= 0 else { return false }
    defer { close(descriptor) }
    var sources = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
    ]
    // Ends with the operation, which has its limit.
    while poll(&sources, nfds_t(sources.count), -1) < 0 { if errno != EINTR { return false } }
    return sources[1].revents == 0 && sources[0].revents != 0
  }

  private func end(leaving leave: () -> ProgramExit) {
    condition.withLock {
      guard !isOver else { return }
      // Not by `exit`: the library, or the card, is still being waited for on the main thread. Its process ends with ours.
      _exit(leave().rawValue)
    }
  }
}
