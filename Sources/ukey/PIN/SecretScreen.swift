import Failures
import Glibc
import TokenKit

/// Shows a PIN on the controlling terminal until a key is pressed, and nowhere else: on the alternate screen where there
/// is one, so that it is not among the lines that can be scrolled back to, and overwritten before that screen is left.
enum SecretScreen {
  /// Whether there is a terminal to show it on.
  static var isThere: Bool {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return false }
    close(terminal)
    return true
  }

  /// - Parameters:
  ///   - before: lines above; may hold what a file says, escaped.
  ///   - label: on the PIN's own line.
  ///   - after: what to do with it, and that a key ends it.
  /// - Throws: `UK-411`, `UK-902`: somebody may have seen it, but nobody said so.
  static func show(
    _ before: [String], label: String, _ pin: borrowing PIN, after: String
  ) throws(PromptEnd) {
    while true {
      let input = try once(before, label, pin, after)
      switch input {
      // Stopped while it was shown: the screen is empty now, and shows it again when the program goes on.
      case .stopped: raise(SIGTSTP)
      case .byte: return
      case .ending(let number): throw .ending(number)
      case .lost(let number): throw .failure(Failure(.pinNotGiven, function: "pselect", number: .errno(number)))
      }
    }
  }

  private static func once(
    _ before: [String], _ label: String, _ pin: borrowing PIN, _ after: String
  ) throws(PromptEnd) -> QuietTerminal.Input {
    let terminal: QuietTerminal
    do throws(Failure) { terminal = try QuietTerminal() } catch { throw .failure(error) }
    terminal.write("\u{1B}[?1049h\u{1B}[H\u{1B}[2J" + before.map { $0 + "\n" }.joined() + "\n  " + label)
    terminal.write(pin)
    terminal.write("\n\n" + after + "\n")
    let input = terminal.next()
    terminal.write("\u{1B}[H\u{1B}[2J\u{1B}[?1049l")
    return input
  }
}
