internal import Synchronization

/// Lets others end a prompt that is open: the page went away, the key was pulled out, the service ends.
package final class PromptTicket: Sendable {
  private struct State {
    var isWithdrawn = false
    var isKeyGone = false
    var end: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  package var isWithdrawn: Bool { state.withLock { $0.isWithdrawn } }

  /// It is not the page that ended it.
  var isKeyGone: Bool { state.withLock { $0.isKeyGone } }

  /// Ends the prompt now, from any thread.
  ///
  /// - Parameter isKeyGone: the key was pulled out, which is no fault of the page's.
  package func withdraw(isKeyGone: Bool = false) {
    let end = state.withLock { state in
      if !state.isWithdrawn { state.isKeyGone = isKeyGone }
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
