internal import Synchronization

/// One request as the holder may look at it later: who asked what and what became of it. No content, no certificate.
package struct LogEntry: Sendable, Equatable {
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  /// As the browser sent it, cut and not escaped; empty where none was sent.
  package var origin: String
  package var adapter: String
  /// The function's name where the adapter knows it.
  package var function: String
  /// ``Outcome/name``, or why the request was not even read.
  package var outcome: String

  package init(time: Int64, origin: String, adapter: String, function: String, outcome: String) {
    self.time = time
    self.origin = origin
    self.adapter = adapter
    self.function = function
    self.outcome = outcome
  }
}

/// The last requests, in memory.
package final class RequestLog: Sendable {
  package static let limit = 1000

  private struct State {
    var entries: [LogEntry] = []
    var next = 0
    var rate = LogRate()
  }

  private let state = Mutex(State())
  private let tell: (@Sendable (LogEntry) -> Void)?

  /// - Parameter tell: gets each entry too, for standard error.
  package init(tell: (@Sendable (LogEntry) -> Void)? = nil) { self.tell = tell }

  /// An origin that has too much written about it is told once how much was left out.
  package func add(_ entry: LogEntry) {
    let dropped = state.withLock { $0.rate.admit(entry.origin, at: entry.time) }
    guard let dropped else { return }
    if dropped > 0 {
      var summary = entry
      summary.function = "log"
      summary.outcome = "left-out \(dropped)"
      write(summary)
    }
    write(entry)
  }

  private func write(_ entry: LogEntry) {
    state.withLock { state in
      if state.entries.count < Self.limit {
        state.entries.append(entry)
      } else {
        state.entries[state.next] = entry
        state.next = (state.next + 1) % Self.limit
      }
    }
    tell?(entry)
  }

  /// Oldest first.
  package var entries: [LogEntry] {
    state.withLock { Array($0.entries[$0.next...] + $0.entries[..<$0.next]) }
  }
}
