internal import Base
package import Failures
package import SmartCard

/// A settings file that is not used because another user could have written it, in the place of what it would have named:
/// it stands beside the keys with the reason.
package final class RefusedSettings: TokenProvider, @unchecked Sendable {
  // Unchecked: `state` guards what changes.
  private let failure: Failure
  private let state = Condition()
  private var isStopped = false

  package let name: String
  package var isEmbedded: Bool { false }
  package var isService: Bool { false }

  /// - Parameter failure: with the offending path as its context.
  package init(_ failure: Failure) {
    self.failure = failure
    name = failure.context ?? failure.code.rawValue
  }

  package func slots() throws(Failure) -> [TokenSlot] { throw failure }
  package func open(_ reader: String) throws(Failure) -> any Token { throw failure }

  package func watch(_ deliver: (ReaderEvent) -> Void) {
    deliver(.serviceDown(failure))
    state.withLock { while !isStopped { _ = state.wait() } }
  }

  package func retry() {}

  package func stop() {
    state.withLock {
      isStopped = true
      state.broadcast()
    }
  }
}
