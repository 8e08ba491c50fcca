import Glibc

/// Signals as bytes in a pipe, while it lives; afterwards everything is as before.
final class Signals {
  let pipe: Pipe
  private var stack: UnsafeMutableRawPointer?
  private static let stackSize = 64 * 1024
  nonisolated(unsafe) private static var hasExitHandler = false

  init(_ pipe: consuming Pipe) {
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

/// A pipe that never blocks and is not inherited; closed at its end.
struct Pipe: ~Copyable {
  let readEnd: Int32
  let writeEnd: Int32

  /// `nil` with `errno` when the process has no descriptors left.
  init?() {
    var ends: [Int32] = [-1, -1]
    // `pipe2` is not offered to Swift; no thread that could fork runs while these are made.
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// One byte that makes the read end readable. A full pipe is readable already.
  borrowing func wake() {
    var byte: UInt8 = 1
    while write(writeEnd, &byte, 1) < 0 && errno == EINTR {}
  }

  /// All bytes that are there now, at most 64 KiB.
  borrowing func drain() -> [UInt8] {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while result.count < 65_536 {
      let length = read(readEnd, &block, block.count)
      if length < 0 && errno == EINTR { continue }
      if length <= 0 { break }
      result += block[..<length]
    }
    return result
  }
}
