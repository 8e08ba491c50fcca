import NIOCore
import NIOPosix

/// Runs the tasks that bring requests and answers on the event loops, which have the connections: each hand-over to Swift's own
/// pool and back wakes two threads more. Nothing in those tasks waits; what does has the threads of ``Workers``.
final class LoopExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // The loop that this thread is, where it is one.
    MultiThreadedEventLoopGroup.singleton.any().execute { [self] in
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
