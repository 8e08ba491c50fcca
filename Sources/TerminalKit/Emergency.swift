import Glibc
import Synchronization

/// What a signal handler may touch: plain memory prepared beforehand, and only functions that are safe there
/// (POSIX.1-2017 §2.4.3: `write`, `tcsetattr`, `dup2`, `poll`, `read`, `sigaction`, `raise`).
///
/// curses is not among them, so the way back from its screen is a string made when the screen was opened.
struct Emergency {
  var isArmed: Bool
  var terminal: Int32
  var saved: termios
  var text: UnsafeMutablePointer<UInt8>
  var textCount: Int
  /// The real standard error while it is captured, and the pipe that captures it; -1 when not.
  var standardError: Int32
  var captured: Int32
  /// What came out of that pipe already; ``keptCount`` bytes of it count.
  var kept: UnsafeMutablePointer<UInt8>
  /// Where the handler writes one byte a signal.
  var wake: Int32
  /// Ending signals that came while the loop had not taken the first one.
  var endings: Int32
  var oldActions: UnsafeMutablePointer<sigaction>
}

/// Capacity of the restoring text, in bytes.
let emergencyTextCapacity = 1024

/// Capacity of the bytes kept of what was printed.
let keptCapacity = 16 * 1024

/// How many bytes of ``Emergency/kept`` count, and whether the main thread is just moving bytes into it: another thread
/// that crashes meanwhile waits a moment, or the runtime's last words would be in neither place.
let keptCount = Atomic(0)
let isKeeping = Atomic(false)

/// Signals whose default is a crash: the terminal is given back, then they do what they would have done.
let crashSignals: [Int32] = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]
/// Signals that the event loop hears of as a byte.
let loopSignals: [Int32] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]

nonisolated(unsafe) let emergency: UnsafeMutablePointer<Emergency> = {
  let text = UnsafeMutablePointer<UInt8>.allocate(capacity: emergencyTextCapacity)
  text.initialize(repeating: 0, count: emergencyTextCapacity)
  let kept = UnsafeMutablePointer<UInt8>.allocate(capacity: keptCapacity)
  kept.initialize(repeating: 0, count: keptCapacity)
  let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
  actions.initialize(repeating: sigaction(), count: 65)
  let pointer = UnsafeMutablePointer<Emergency>.allocate(capacity: 1)
  pointer.initialize(
    to: Emergency(
      isArmed: false, terminal: STDIN_FILENO, saved: termios(), text: text, textCount: 0, standardError: -1,
      captured: -1, kept: kept, wake: -1, endings: 0, oldActions: actions))
  return pointer
}()

/// Gives the terminal back by system calls alone. Does nothing the second time.
func restoreInEmergency() {
  guard emergency.pointee.isArmed else { return }
  emergency.pointee.isArmed = false
  _ = write(STDOUT_FILENO, emergency.pointee.text, emergency.pointee.textCount)
  _ = tcsetattr(emergency.pointee.terminal, TCSAFLUSH, &emergency.pointee.saved)
  guard emergency.pointee.standardError >= 0 else { return }
  _ = dup2(emergency.pointee.standardError, STDERR_FILENO)
  // What the runtime said of the crash went into the pipe, and the loop may have taken it from there: show it now. The
  // loop is given 100 ms; when it is this very thread that was interrupted, what it kept before must do.
  for _ in 0..<100 where isKeeping.load(ordering: .acquiring) { _ = poll(nil, 0, 1) }
  let count = keptCount.load(ordering: .acquiring)
  if count > 0 { _ = write(STDERR_FILENO, emergency.pointee.kept, count) }
  // The text buffer serves as the copy buffer.
  for _ in 0..<64 {
    let length = read(emergency.pointee.captured, emergency.pointee.text, emergencyTextCapacity)
    guard length > 0 else { break }
    _ = write(STDERR_FILENO, emergency.pointee.text, length)
  }
}

/// For crash signals: restore, then the former action (Swift's backtrace, a core dump) by raising it again.
let crashHandler: @convention(c) (Int32) -> Void = { number in
  restoreInEmergency()
  _ = sigaction(number, emergency.pointee.oldActions + Int(number), nil)
  _ = raise(number)
}

/// For the others: one byte into the pipe. An ending signal that comes twice while the loop does not answer is
/// carried out here.
let loopHandler: @convention(c) (Int32) -> Void = { number in
  let saved = errno
  if number == SIGTERM || number == SIGHUP || number == SIGINT || number == SIGQUIT {
    emergency.pointee.endings += 1
    if emergency.pointee.endings > 2 {
      restoreInEmergency()
      var action = sigaction()
      action.__sigaction_handler.sa_handler = SIG_DFL
      _ = sigaction(number, &action, nil)
      _ = raise(number)
    }
  }
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(emergency.pointee.wake, &byte, 1)
  errno = saved
}

/// For `exit` called while the screen is up.
let exitHandler: @convention(c) () -> Void = { restoreInEmergency() }
