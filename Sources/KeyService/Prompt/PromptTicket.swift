internal import Synchronization

/// Lets others end a prompt that is open: the page went away, the key was pulled out, the service ends.
package final class PromptTicket: Sendable {
  private struct State {
    var isWithdrawn = false
    var end: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  package var isWithdrawn: Bool { state.withLock { $0.isWithdrawn } }

  /// Ends the prompt now, from any thread.
  package func withdraw() {
    let end = state.withLock { state in
      state.isWithdrawn = true
      return state.end
    }
    end?()
  }

  /// What ``withdraw()`` shall do from now on; done at once when it has happened. `nil`: nothing any more.
  package func onWithdrawal(_ end: (@Sendable () -> Void)?) {
    let isLate = state.withLock { state in
      state.end = end
      return state.isWithdrawn
    }
    if isLate { end?() }
  }
}
