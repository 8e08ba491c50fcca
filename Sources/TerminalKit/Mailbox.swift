import Base
package import Failures
import Synchronization

/// Events from other threads to the event loop, in order of posting. Posting never blocks.
package final class Mailbox<Event: Sendable>: Sendable {
  private let queue = Mutex<[Event]>([])
  private let pipe: WakePipe

  /// - Throws: `UK-999` when the process has no descriptors left.
  package init() throws(Failure) {
    pipe = try Failure.mapping(.internalError, try WakePipe())
  }

  /// Adds an event and wakes the loop. From any thread.
  package func post(_ event: Event) {
    let isFirst = queue.withLock { queue in
      queue.append(event)
      return queue.count == 1
    }
    if isFirst { pipe.wake() }
  }

  var readEnd: Int32 { pipe.readEnd }

  /// All events posted so far.
  func take() -> [Event] {
    pipe.drain()
    return queue.withLock { queue in
      let events = queue
      queue = []
      return events
    }
  }
}
