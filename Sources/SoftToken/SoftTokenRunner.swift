internal import Base
package import Failures
internal import Glibc

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
private final class SignalThread: @unchecked Sendable {
  // Unchecked: `hasEnded` guards itself and `isRunning`; the masks are of the thread that made this.
  private let hasEnded = Condition()
  private var isRunning = false
  private var signals = sigset_t()
  private var before = sigset_t()

  init(stopping reader: VPCDClient) {
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    isRunning = true
    let wanted = signals
    let isStarted = WorkerThread.start { [self] in
      var wanted = wanted
      var signal: Int32 = 0
      while sigwait(&wanted, &signal) == EINTR {}
      // Said first: once the reader is stopped, ``end()`` must not send a signal that nobody waits for.
      hasEnded.withLock {
        isRunning = false
        hasEnded.broadcast()
      }
      reader.stop()
    }
    if !isStarted {
      // Without the thread the signals must keep their usual effect.
      isRunning = false
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
  }

  /// Ends the thread, by a signal of our own if none came, and gives the signals back.
  func end() {
    if hasEnded.withLock({ isRunning }) {
      kill(getpid(), SIGTERM)
      hasEnded.withLock { while isRunning { _ = hasEnded.wait() } }
      // A signal from outside may have ended the thread instead: ours is then still to be taken.
      var none = timespec()
      sigtimedwait(&signals, nil, &none)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
