import Base
import Glibc
import Synchronization
import Testing

@Suite struct WorkerThreadTests {
  /// A fault in a thread must reach its handler: blocked, it kills with the terminal raw and the message lost.
  @Test func onlyItsOwnFaultsReachAThread() {
    let done = Condition()
    let blocked = Mutex<[Int32]?>(nil)
    let isStarted = WorkerThread.start {
      var mask = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &mask)
      // 32 and 33 are the C library's own.
      let numbers = (Int32(1)...31).filter { $0 != SIGKILL && $0 != SIGSTOP && sigismember(&mask, $0) == 1 }
      done.withLock {
        blocked.withLock { $0 = numbers }
        done.broadcast()
      }
    }
    #expect(isStarted)
    done.withLock { while blocked.withLock({ $0 == nil }) { _ = done.wait() } }
    let faults: Set = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]
    #expect(
      blocked.withLock { $0 } == (Int32(1)...31).filter { $0 != SIGKILL && $0 != SIGSTOP && !faults.contains($0) })
  }

  @Test func theStarterKeepsItsMask() {
    var before = sigset_t()
    var after = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &before)
    #expect(WorkerThread.start {})
    pthread_sigmask(SIG_BLOCK, nil, &after)
    #expect((Int32(1)...31).allSatisfy { sigismember(&before, $0) == sigismember(&after, $0) })
  }
}
