internal import Base
internal import Synchronization

/// Sends the messages of the outbox, wherever that is.
package protocol MessageSender: Sendable {
  /// On a thread that may wait. - Returns: `nil` when it is out, else why not.
  func send(_ message: OutboxMessage) -> String?
}

/// Writes each message as a file: for tests, for the demonstration, and for a gateway that takes files.
package struct FolderSender: MessageSender {
  private let folder: String

  package init(folder: String) { self.folder = folder }

  package func send(_ message: OutboxMessage) -> String? {
    let text = "To: \(message.recipient)\nKind: \(message.kind.rawValue)\n\n\(message.body)\n"
    switch writeFile(Array(text.utf8), to: folder + "/" + message.id + ".txt", overwrite: true, mode: 0o600) {
    case .written: return nil
    case .exists: return nil
    case .failed(let error): return error.function + " \(error.number)"
    }
  }
}

/// What has to be done without anybody asking: messages every few seconds, what is old and reminders every hour.
package final class Housekeeper: Sendable {
  private let condition = Condition()
  private let isEnding = Mutex(false)

  /// - Returns: `nil` when there is no thread for it.
  package init?(
    _ store: Store, sender: any MessageSender, hotline: String, clock: @escaping @Sendable () -> Int64,
    log: @escaping @Sendable (String) -> Void
  ) {
    let isStarted = WorkerThread.start { [self] in
      var next: Int64 = .min
      while !isEnding.withLock({ $0 }) {
        let now = clock()
        do throws(DatabaseError) {
          while let message = try store.takeMessage(now: now) {
            if let problem = sender.send(message) {
              log("outbox: \(problem)")
              try store.failed(message, problem, now: now)
            } else {
              try store.sent(message)
            }
          }
          if now >= next {
            next = now + 3600
            try store.tidy(now: now)
            _ = try store.remind(hotline: hotline, now: now)
          }
        } catch {
          log("housekeeping: \(error)")
        }
        condition.withLock { _ = condition.wait(until: Instant.now + .seconds(1)) }
      }
    }
    guard isStarted else { return nil }
  }

  package func end() {
    isEnding.withLock { $0 = true }
    condition.withLock { condition.broadcast() }
  }
}
