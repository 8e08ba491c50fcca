package import Failures
import Glibc

/// Runs a software card in a virtual reader until a signal comes or the reader goes away: `ukey soft-token`.
package enum SoftTokenRunner {
  /// Answers for `card` on the calling thread. SIGINT, SIGTERM and SIGHUP take the card out and end the run; they are
  /// held back from the rest of the program meanwhile, so call this before other threads start.
  ///
  /// - Throws: `UK-621` when the reader does not listen or the connection breaks.
  @discardableResult
  package static func run(_ card: any SoftCard, in reader: VPCDClient) throws(Failure) -> VPCDClient.End {
    let signals = SignalThread(stopping: reader)
    defer { signals.end() }
    return try reader.run(card)
  }
}

/// A thread that waits for a signal to end by and stops the client then.
private final class SignalThread {
  private let thread: pthread_t
  private var before = sigset_t()

  private final class Work {
    let reader: VPCDClient
    var signals: sigset_t

    init(reader: VPCDClient, signals: sigset_t) {
      self.reader = reader
      self.signals = signals
    }
  }

  init(stopping reader: VPCDClient) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let work = Unmanaged.passRetained(Work(reader: reader, signals: signals))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        var signal: Int32 = 0
        while sigwait(&work.signals, &signal) == EINTR {}
        work.reader.stop()
        return nil
      }, work.toOpaque())
    if result != 0 {
      // Without the thread the signals must keep their usual effect.
      work.release()
      pthread_sigmask(SIG_SETMASK, &before, nil)
      thread = 0
    }
    self.thread = thread
  }

  /// Ends the thread and gives the signals back.
  func end() {
    guard thread != 0 else { return }
    pthread_kill(thread, SIGTERM)
    pthread_join(thread, nil)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
