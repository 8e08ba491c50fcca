internal import Base
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
    let program: Program
    var result: Result<Int32, SystemError>?

    init(_ program: Program) { self.program = program }
  }

  private let condition = Condition()
  private var orders: [Order] = []
  private var isRunning = false

  /// Starts this same program again with these arguments: `socket` as descriptor 3, `output` as 1 and 2, /dev/null as 0,
  /// nothing else; a session of its own without a terminal, so that Ctrl-C does not tear it out of a PIN change.
  ///
  /// - Parameter keeps: which variables of the environment it gets.
  /// - Returns: the process id.
  func spawn(
    _ arguments: [String], socket: Int32, output: Int32, keeps: @escaping @Sendable (String) -> Bool
  ) throws(SystemError) -> Int32 {
    var program = Program(arguments)
    program.path = "/proc/self/exe"
    program.output = .descriptor(output)
    program.errors = .descriptor(output)
    program.third = socket
    program.hasOwnSession = true
    program.keepsVariable = keeps
    Descendants.adopt()
    let order = Order(program)
    let mayStart = condition.withLock { () -> Bool in
      orders.append(order)
      condition.broadcast()
      if isRunning { return true }
      isRunning = WorkerThread.start { self.work() }
      return isRunning
    }
    guard mayStart else { throw SystemError("pthread_create", EAGAIN) }
    let result: Result<Int32, SystemError> = condition.withLock {
      while true {
        if let result = order.result { return result }
        _ = condition.wait()
      }
    }
    return try result.get()
  }

  private func work() {
    while true {
      let order: Order = condition.withLock {
        while orders.isEmpty { _ = condition.wait() }
        return orders.removeFirst()
      }
      let result: Result<Int32, SystemError>
      do throws(SystemError) { result = .success(try order.program.start()) } catch { result = .failure(error) }
      condition.withLock {
        order.result = result
        condition.broadcast()
      }
    }
  }
}
