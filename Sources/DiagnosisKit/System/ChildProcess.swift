import Base
import Glibc
import Synchronization

/// A program run to its end, or to its time limit.
struct ChildProcess {
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It did not end in time and was killed.
    case tooLong
    /// `errno` of the start.
    case notStarted(Int32)
  }

  var end: End
  /// Standard output, and standard error where asked for.
  var output: String

  /// Runs a program without a shell, its standard input empty. Only this child is ever killed.
  ///
  /// - Parameters:
  ///   - limit: nanoseconds.
  ///   - errors: also collects standard error; otherwise it is thrown away.
  ///   - environment: `nil` for our own; values replace ours.
  static func run(
    _ arguments: [String], limit: UInt64, errors: Bool = false, environment extra: [String: String] = [:]
  ) -> ChildProcess {
    guard let program = arguments.first else { return ChildProcess(end: .notStarted(EINVAL), output: "") }
    var ends: [Int32] = [-1, -1]
    // One start at a time: a child started by another thread just now would inherit the pipe and keep it open.
    let (code, pid) = starting.withLock { _ -> (Int32, pid_t) in
      guard pipe(&ends) == 0 else { return (errno, 0) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      defer { close(ends[1]) }
      return spawn(program, arguments, ends[1], errors, extra)
    }
    defer { if ends[0] >= 0 { close(ends[0]) } }
    guard code == 0 else { return ChildProcess(end: .notStarted(code), output: "") }
    return collect(pid, ends[0], Condition.now() &+ limit)
  }

  private static let starting = Mutex(())

  private static func spawn(
    _ program: String, _ arguments: [String], _ output: Int32, _ errors: Bool, _ extra: [String: String]
  ) -> (Int32, pid_t) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    if errors {
      posix_spawn_file_actions_adddup2(&actions, output, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Worker threads block every signal; the child must not inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid = pid_t()
    let code = withCStrings(arguments) { words in
      withCStrings(environmentList(extra)) { variables in
        posix_spawnp(&pid, program, &actions, &attributes, words, variables)
      }
    }
    return (code, pid)
  }

  private static func collect(_ pid: pid_t, _ descriptor: Int32, _ deadline: UInt64) -> ChildProcess {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    var isOpen = true
    while isOpen {
      let now = Condition.now()
      guard now < deadline else { break }
      var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&item, 1, Int32(min((deadline - now) / 1_000_000 + 1, 60_000)))
      if ready <= 0 { continue }
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { isOpen = false }
      // What comes after a mebibyte is read and dropped, so that the child does not block on us.
      if count > 0, bytes.count < 1 << 20 { bytes += buffer.prefix(count) }
    }
    var status: Int32 = 0
    var ended = waitpid(pid, &status, WNOHANG)
    while ended == 0, Condition.now() < deadline {
      // The output is closed and the end is near; there is nothing to wait on but time.
      usleep(1000)
      ended = waitpid(pid, &status, WNOHANG)
    }
    let output = String(decoding: bytes, as: UTF8.self)
    if ended == 0 {
      kill(pid, SIGKILL)
      waitpid(pid, &status, 0)
      return ChildProcess(end: .tooLong, output: output)
    }
    let signal = status & 0x7F
    return ChildProcess(end: signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal), output: output)
  }

  private static func environmentList(_ extra: [String: String]) -> [String] {
    var list: [String] = []
    var next = environ
    while let item = next.pointee {
      let text = String(cString: item)
      if !extra.keys.contains(where: { text.hasPrefix($0 + "=") }) { list.append(text) }
      next += 1
    }
    return list + extra.map { $0.key + "=" + $0.value }
  }
}

private func withCStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
