import Glibc

/// The terminal without echo and line editing while a PIN is typed, given back also when a signal ends the program.
enum EchoOff {
  // Written by begin() before the handler is installed and read by the handler: plain memory, no locks, nothing that is
  // unsafe in a signal handler. One prompt at a time, on the main thread.
  nonisolated(unsafe) private static var descriptor: Int32 = -1
  nonisolated(unsafe) private static var saved = termios()
  private static let endings = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]

  static func begin(_ terminal: Int32) -> Bool {
    guard tcgetattr(terminal, &saved) == 0 else { return false }
    descriptor = terminal
    for signal in endings {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if EchoOff.descriptor >= 0 { tcsetattr(EchoOff.descriptor, TCSANOW, &EchoOff.saved) }
        Glibc.signal(number, SIG_DFL)
        raise(number)
      }
      sigaction(signal, &action, nil)
    }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    silent.c_iflag |= tcflag_t(ICRNL)
    withUnsafeMutableBytes(of: &silent.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    return tcsetattr(terminal, TCSAFLUSH, &silent) == 0
  }

  static func end() {
    tcsetattr(descriptor, TCSAFLUSH, &saved)
    descriptor = -1
    for signal in endings { Glibc.signal(signal, SIG_DFL) }
  }
}
