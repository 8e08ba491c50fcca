internal import Glibc

/// The one way to start a thread: for what blocks or takes long, never Swift's cooperative pool, never the loop of the
/// screen.
package enum WorkerThread {
  /// Signals by which the kernel or the Swift runtime ends the program for its own fault. They are sent to the thread
  /// that is at fault; blocked in it, they would kill without any handler, with the terminal left as the window had it.
  package static let faults = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a detached thread with a stack of 1 MiB that ends with `body`. It takes no signals but those of its own
  /// faults: all others reach the main thread and its handlers.
  ///
  /// - Returns: `false` when the system gives no thread; `body` is then not run.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)
    var blocked = sigset_t()
    var before = sigset_t()
    sigfillset(&blocked)
    for number in faults { sigdelset(&blocked, number) }
    pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Body(body))
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        withStackForHandlers(body.run)
        return nil
      }, box.toOpaque())
    if code != 0 { box.release() }
    return code == 0
  }
}

/// Runs `body` with a stack of their own for signal handlers: a thread whose stack has overflowed has no room for them.
private func withStackForHandlers(_ body: () -> Void) {
  let size = 32 * 1024
  let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
  defer { memory.deallocate() }
  var stack = stack_t()
  stack.ss_sp = memory
  stack.ss_size = size
  sigaltstack(&stack, nil)
  body()
  stack.ss_flags = Int32(SS_DISABLE)
  sigaltstack(&stack, nil)
}
