import Base
import Glibc

/// Signals as bytes in a pipe, while it lives; afterwards everything is as before.
final class Signals {
  let pipe: WakePipe
  private var stack: UnsafeMutableRawPointer?
  private static let stackSize = 64 * 1024
  nonisolated(unsafe) private static var hasExitHandler = false

  init(_ pipe: consuming WakePipe) {
    self.pipe = pipe
    emergency.pointee.wake = self.pipe.writeEnd
    emergency.pointee.endings = 0
    if !Signals.hasExitHandler {
      Signals.hasExitHandler = true
      atexit(exitHandler)
    }
    // A stack of its own, so that a stack overflow too gives the terminal back.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: Signals.stackSize, alignment: 16)
    var alternate = stack_t()
    alternate.ss_sp = memory
    alternate.ss_size = Signals.stackSize
    sigaltstack(&alternate, nil)
    stack = memory
    for number in crashSignals { install(number, crashHandler, flags: SA_ONSTACK) }
    for number in loopSignals { install(number, loopHandler, flags: SA_RESTART) }
    var ignore = sigaction()
    ignore.__sigaction_handler.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignore, emergency.pointee.oldActions + Int(SIGPIPE))
  }

  deinit {
    for number in crashSignals + loopSignals + [SIGPIPE] {
      sigaction(number, emergency.pointee.oldActions + Int(number), nil)
    }
    emergency.pointee.wake = -1
    var disable = stack_t()
    disable.ss_flags = Int32(SS_DISABLE)
    disable.ss_size = Signals.stackSize
    sigaltstack(&disable, nil)
    stack?.deallocate()
  }

  private func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void, flags: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = flags
    sigaction(number, &action, emergency.pointee.oldActions + Int(number))
  }

  /// The signals that came, in order.
  func take() -> [Int32] {
    pipe.drain().map { Int32($0) }
  }

  /// Stops the process as Ctrl-Z does and returns when it is continued. `group` stops the whole job, as the
  /// terminal driver would (a `make run` above us, for example).
  func stop(group: Bool) {
    var ours = sigaction()
    var oursContinue = sigaction()
    var action = sigaction()
    if group {
      action.__sigaction_handler.sa_handler = SIG_IGN
      sigaction(SIGTSTP, &action, &ours)
      kill(0, SIGTSTP)
    } else {
      sigaction(SIGTSTP, nil, &ours)
    }
    action.__sigaction_handler.sa_handler = SIG_DFL
    // The caller knows that it was continued; the loop need not hear of it a second time.
    sigaction(SIGCONT, &action, &oursContinue)
    sigaction(SIGTSTP, &action, nil)
    // To this very thread: it must not run on while another thread takes the signal.
    raise(SIGTSTP)
    sigaction(SIGTSTP, &ours, nil)
    sigaction(SIGCONT, &oursContinue, nil)
  }
}
