import CLinux
import Failures
import Glibc
import Synchronization
import TokenKit

/// The controlling terminal without echo and line editing, for as long as this value lives; given back when it ends.
///
/// Signals that end or stop the program are noticed only inside ``next()`` and are told to the caller, who lets go of
/// what he holds first: nothing is done in a signal handler but noting the number.
struct QuietTerminal: ~Copyable {
  enum Input {
    case byte(UInt8)
    /// This signal came: end by it.
    case ending(Int32)
    /// Stopped by another program and continued, or about to be stopped: ask anew.
    case stopped
    case lost(Int32)
  }

  private static let endings = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]
  private static let stops = [SIGTSTP, SIGCONT]
  /// One bit a signal, set by the handler.
  private static let caught = Atomic<UInt64>(0)

  private let descriptor: Int32
  private var saved = termios()
  private var mask = sigset_t()

  /// - Throws: `UK-411` without a terminal.
  init() throws(Failure) {
    descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw Failure(.pinNotGiven, function: "open", number: .errno(errno), context: "/dev/tty")
    }
    guard tcgetattr(descriptor, &saved) == 0 else {
      let number = errno
      close(descriptor)
      throw Failure(.pinNotGiven, function: "tcgetattr", number: .errno(number))
    }
    var all = sigset_t()
    sigemptyset(&all)
    for signal in Self.endings + Self.stops { sigaddset(&all, signal) }
    pthread_sigmask(SIG_BLOCK, &all, &mask)
    Self.caught.store(0, ordering: .relaxed)
    for signal in Self.endings + Self.stops {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        QuietTerminal.caught.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
      }
      action.sa_mask = all
      sigaction(signal, &action, nil)
    }
    silence()
  }

  deinit {
    var saved = saved
    var mask = mask
    // What was typed ahead was meant for this prompt, and may be part of a PIN.
    tcsetattr(descriptor, TCSAFLUSH, &saved)
    for signal in Self.endings + Self.stops { Glibc.signal(signal, SIG_DFL) }
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    close(descriptor)
  }

  private func silence() {
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
    silent.c_iflag |= tcflag_t(ICRNL)
    withUnsafeMutableBytes(of: &silent.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    tcsetattr(descriptor, TCSAFLUSH, &silent)
  }

  func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }

  /// The next byte typed, or what came in its place.
  func next() -> Input {
    while true {
      var during = mask
      // Signals are let in only while waiting, so that none is missed between looking and waiting.
      let count = ukey_wait_readable(descriptor, &during)
      let number = errno
      let caught = Self.caught.exchange(0, ordering: .relaxed)
      if let ending = Self.endings.first(where: { caught & 1 << UInt64($0) != 0 }) { return .ending(ending) }
      if caught & 1 << UInt64(SIGTSTP) != 0 { return .stopped }
      if caught & 1 << UInt64(SIGCONT) != 0 {
        // Whoever had the terminal meanwhile may have left it with echo.
        silence()
        return .stopped
      }
      if count < 0 && number == EINTR { continue }
      guard count > 0 else { return .lost(number) }
      var byte: UInt8 = 0
      let got = Glibc.read(descriptor, &byte, 1)
      if got == 1 { return .byte(byte) }
      if got < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      // A terminal that is closed is as good as its signal, which comes with it or a moment later.
      return .ending(SIGHUP)
    }
  }
}

/// How a question ended without an answer.
enum PromptEnd: Error {
  case failure(Failure)
  /// The program is to stop (Ctrl-Z) or was stopped: everything typed so far is to be forgotten and asked anew.
  case stopped
  /// A signal asks the program to end.
  case ending(Int32)
}

extension PromptEnd {
  /// Ends or stops this program as the signal would have done; call it when nothing secret is held any more.
  ///
  /// - Throws: the failure; returns after a stop when the program is continued.
  func obey() throws(Failure) {
    switch self {
    case .failure(let failure): throw failure
    case .stopped: raise(SIGTSTP)
    case .ending(let number):
      raise(number)
      // Only when it was ignored from the start, as under nohup.
      throw Failure(.cancelled)
    }
  }
}
