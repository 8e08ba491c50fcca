import Base
import Glibc
import Wording

/// How far long work has come: one line of a terminal that is written over, with count, rate and what is left. Nothing where standard
/// error is no terminal.
struct ProgressLine {
  /// Between two pictures of it; work that is shorter shows none.
  private static let interval = Duration.milliseconds(250)

  private let words: ProgressWords
  let total: Int
  private let isShown: Bool
  private let begun = Instant.now
  private var drawn = Instant.now
  /// Cells that stand there.
  private var width = 0
  private(set) var done = 0

  init(total: Int, _ language: Language) {
    self.total = total
    words = ProgressWords[language]
    isShown = isatty(STDERR_FILENO) == 1
  }

  /// One more is done; `print` writes what is to be said of it, above the line.
  mutating func step(_ print: () -> Void) {
    let wasThere = width > 0
    clear()
    print()
    done += 1
    guard isShown else { return }
    let isTime = Instant.now - drawn >= Self.interval
    if isTime { drawn = .now }
    if isTime || wasThere { draw() }
  }

  /// Leaves nothing of it.
  mutating func clear() {
    guard width > 0 else { return }
    Output.errorText("\r" + String(repeating: " ", count: width) + "\r")
    width = 0
  }

  /// Within one line of the terminal: a folded one could not be written over.
  static func fitted(_ text: String) -> String {
    terminalSize(STDERR_FILENO).map { fit(text, max(1, $0.columns - 1)) } ?? text
  }

  private mutating func draw() {
    let text = Self.fitted(words.text(ProgressEstimate(done: done, total: total, took: .now - begun)))
    width = textWidth(text)
    Output.errorText(text)
  }
}

/// Ctrl-C between two items: while this is held it does not end the program, it is asked for.
struct HeldInterrupt: ~Copyable {
  private let before: sigset_t

  init() {
    var (held, before) = (Self.interrupt, sigset_t())
    pthread_sigmask(SIG_BLOCK, &held, &before)
    self.before = before
  }

  private static var interrupt: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    return signals
  }

  /// It was pressed.
  var isThere: Bool {
    var pending = sigset_t()
    return sigpending(&pending) == 0 && sigismember(&pending, SIGINT) == 1
  }

  /// From here on it ends the program again; one that was pressed is taken as done.
  consuming func end() {
    var (held, none, before) = (Self.interrupt, timespec(), before)
    _ = sigtimedwait(&held, nil, &none)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
