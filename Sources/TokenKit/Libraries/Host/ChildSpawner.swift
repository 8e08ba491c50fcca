internal import Base
internal import CLinux
internal import Glibc

/// Starts host processes from one thread that lasts as long as the program.
///
/// The kernel's "die with the parent" (PR_SET_PDEATHSIG) means the parent *thread*: a host started from a worker
/// would be killed when that worker ends.
final class ChildSpawner: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.
  static let shared = ChildSpawner()

  private final class Order: @unchecked Sendable {
    // Unchecked: the spawner's condition guards it.
    let arguments: [String]
    let socket: Int32
    let output: Int32
    var result: (pid: pid_t, error: Int32)?

    init(_ arguments: [String], _ socket: Int32, _ output: Int32) {
      self.arguments = arguments
      self.socket = socket
      self.output = output
    }
  }

  private let condition = Condition()
  private var orders: [Order] = []
  private var isRunning = false

  /// Starts this same program again with these arguments: `socket` as descriptor 3, `output` as 1 and 2, /dev/null as 0,
  /// nothing else; a process group of its own, so that Ctrl-C in the terminal does not tear it out of a PIN change.
  ///
  /// - Returns: the process id, or 0 and the `errno` of what failed.
  func spawn(_ arguments: [String], socket: Int32, output: Int32) -> (pid: pid_t, error: Int32) {
    let order = Order(arguments, socket, output)
    let mayStart = condition.withLock { () -> Bool in
      orders.append(order)
      condition.broadcast()
      if isRunning { return true }
      isRunning = WorkerThread.start { self.work() }
      return isRunning
    }
    guard mayStart else { return (0, EAGAIN) }
    return condition.withLock {
      while true {
        if let result = order.result { return result }
        _ = condition.wait()
      }
    }
  }

  private func work() {
    while true {
      let order: Order = condition.withLock {
        while orders.isEmpty { _ = condition.wait() }
        return orders.removeFirst()
      }
      let result = Self.start(order)
      condition.withLock {
        order.result = result
        condition.broadcast()
      }
    }
  }

  private static func start(_ order: Order) -> (pid: pid_t, error: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, order.output, 1)
    posix_spawn_file_actions_adddup2(&actions, order.output, 2)
    posix_spawn_file_actions_adddup2(&actions, order.socket, 3)
    let closing = ukey_spawn_close_from(&actions, 4)
    guard closing == 0 else { return (0, closing) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGTSTP, SIGALRM, SIGWINCH] {
      sigaddset(&defaults, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    var arguments: [UnsafeMutablePointer<CChar>?] = order.arguments.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, &arguments, environ)
    return code == 0 ? (pid, 0) : (0, code)
  }
}
