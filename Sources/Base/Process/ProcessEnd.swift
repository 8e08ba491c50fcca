internal import Glibc

/// How a child process ended.
package enum ProcessEnd: Sendable, Equatable {
  case exited(Int32)
  case signalled(Int32)

  /// - Parameter status: as `waitpid` gives it.
  package init(status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }

  /// As a shell tells it: the exit status, or 128 and the signal.
  package var code: Int32 {
    switch self {
    case .exited(let code): code
    case .signalled(let signal): 128 + signal
    }
  }

  /// Waits for the end of a child; each child's end can be had once.
  package static func wait(for pid: Int32) -> ProcessEnd {
    while true {
      // Only waited for here, and taken where nobody looks at the children meanwhile.
      var information = siginfo_t()
      let code = waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT)
      if code < 0, errno == EINTR { continue }
      return ProcessEnd(status: Descendants.reaped(pid) ?? 0)
    }
  }

  /// `nil` while it still runs.
  package static func look(at pid: Int32) -> ProcessEnd? {
    Descendants.reaped(pid).map { ProcessEnd(status: $0) }
  }
}
