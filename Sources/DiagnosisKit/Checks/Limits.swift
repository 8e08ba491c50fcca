import Base
import Glibc
import TokenKit

extension Context {
  /// Descriptors and threads that the links and the libraries they call need at the least.
  private static let descriptorsNeeded = 10
  private static let threadsNeeded = 2

  /// Whether this program may open files and start threads: without, no other link could be looked at, and each would
  /// give a cause of its own that is not true.
  func checkLimits() -> Finding {
    var facts: [Evidence] = []
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      facts.append(Evidence(.resource, "nofile " + Self.text(limit.rlim_cur)))
    }
    if getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0 {
      facts.append(Evidence(.resource, "nproc " + Self.text(limit.rlim_cur)))
    }
    if let most = live.value("/sys/fs/cgroup/pids.max"), most != "max" {
      facts.append(Evidence(.resource, "pids.max " + most))
    }
    if Self.freeDescriptors() < Self.descriptorsNeeded { return Finding(.unknown, .limitDescriptors, facts) }
    if Self.freeThreads() < Self.threadsNeeded { return Finding(.unknown, .limitThreads, facts) }
    return .ok(facts)
  }

  private static func text(_ limit: rlim_t) -> String { limit == .max ? "unlimited" : String(limit) }

  /// Descriptors that can be opened, counted up to what is needed.
  private static func freeDescriptors() -> Int {
    var open: [Int32] = []
    defer { open.forEach { closeDescriptor($0) } }
    while open.count < descriptorsNeeded {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { break }
      open.append(descriptor)
    }
    return open.count
  }

  /// Threads that can live at the same time, counted up to what is needed.
  private static func freeThreads() -> Int {
    let gate = Gate()
    var count = 0
    while count < threadsNeeded, WorkerThread.start({ gate.wait() }) { count += 1 }
    gate.open()
    return count
  }

  /// Keeps threads until it is opened.
  private final class Gate: @unchecked Sendable {
    // Unchecked: `condition` guards it.
    private let condition = Condition()
    private var isOpen = false

    func wait() { condition.withLock { while !isOpen, condition.wait(until: .now + .seconds(1)) {} } }

    func open() {
      condition.withLock {
        isOpen = true
        condition.broadcast()
      }
    }
  }
}
