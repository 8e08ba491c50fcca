internal import CLinux
internal import Glibc

/// A program to be started, without a shell. It gets the descriptors named here and no others, no blocked signal and
/// the default action for each.
package struct Program: Sendable {
  /// What one of its standard descriptors is.
  package enum Stream: Sendable {
    /// /dev/null.
    case none
    /// The one that this process has.
    case ours
    case descriptor(Int32)
  }

  /// A path, or a name that is looked for in `PATH`.
  package var path: String
  /// All of them, the name it is called by among them.
  package var arguments: [String]
  /// Added to our environment, in place of what has the same name.
  package var environment: [String: String] = [:]
  /// Which variables of our environment it gets, by their names; `nil` gives it all.
  package var keepsVariable: (@Sendable (String) -> Bool)?
  package var input = Stream.none
  package var output = Stream.none
  package var errors = Stream.none
  /// Given to it as descriptor 3.
  package var third: Int32?
  /// A session of its own, and with it a process group: it has no terminal that it could write to, read from or be
  /// interrupted by.
  package var hasOwnSession = false

  /// - Parameter arguments: with the program in front.
  package init(_ arguments: [String]) {
    path = arguments.first ?? ""
    self.arguments = arguments
  }

  /// - Returns: its process id; the caller waits for its end (``ProcessEnd``).
  /// - Throws: when it cannot be started.
  package func start() throws(SystemError) -> Int32 {
    // Raised out of the way of the numbers they get in the new process.
    let passed = try Passed([input, output, errors], third)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in passed.streams.enumerated() {
      switch descriptor {
      case .none:
        posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
      case .ours: break
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
      }
    }
    if let third = passed.third { posix_spawn_file_actions_adddup2(&actions, third, 3) }
    let closing = ukey_spawn_close_from(&actions, third == nil ? 3 : 4)
    guard closing == 0 else { throw SystemError("posix_spawn", closing, path) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    // Worker threads block nearly every signal, and the window ignores some; a child must inherit neither.
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (hasOwnSession ? ukey_spawn_session : 0)))

    return try Descendants.started { () throws(SystemError) in
      var pid = pid_t()
      let code = withCStrings(arguments) { words in
        withCStrings(variables) { variables in posix_spawnp(&pid, path, &actions, &attributes, words, variables) }
      }
      guard code == 0 else { throw SystemError("posix_spawn", code, path) }
      return pid
    }
  }

  private var variables: [String] {
    var list: [String] = []
    var next = environ
    while let item = next.pointee {
      let text = String(cString: item)
      let isKept = keepsVariable.map { $0(String(text.prefix { $0 != "=" })) } ?? true
      if isKept, !environment.keys.contains(where: { text.hasPrefix($0 + "=") }) { list.append(text) }
      next += 1
    }
    return list + environment.map { $0.key + "=" + $0.value }
  }

  /// Copies of the descriptors that are passed on, closed here once the program has its own.
  private struct Passed: ~Copyable {
    var streams: [Stream] = []
    var third: Int32?
    private var copies: [Int32] = []

    init(_ wanted: [Stream], _ third: Int32?) throws(SystemError) {
      for stream in wanted {
        if case .descriptor(let number) = stream {
          streams.append(.descriptor(try copy(number)))
        } else {
          streams.append(stream)
        }
      }
      if let third { self.third = try copy(third) }
    }

    private mutating func copy(_ number: Int32) throws(SystemError) -> Int32 {
      let copy = fcntl(number, F_DUPFD_CLOEXEC, 10)
      guard copy >= 0 else { throw SystemError("fcntl", errno) }
      copies.append(copy)
      return copy
    }

    deinit { for copy in copies { close(copy) } }
  }
}

private func withCStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
