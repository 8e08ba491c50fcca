package import Failures
internal import Synchronization

/// Challenges in the memory of one process, at most ``capacity``: the oldest go first, and those past their time.
package final class MemoryChallengeStore: ChallengeStore {
  package static let capacity = 10_000

  private struct State {
    var challenges: [Nonce: Challenge] = [:]
    /// In the order in which they came; those taken are passed over when they are reached.
    var order: [Nonce] = []
    var first = 0
  }

  private let state = Mutex(State())

  package init() {}

  package func insert(_ challenge: Challenge) throws(Failure) {
    state.withLock { state in
      while state.first < state.order.count {
        let nonce = state.order[state.first]
        if let oldest = state.challenges[nonce] {
          let isOld = challenge.issued - oldest.issued > Challenge.lifetime
          guard isOld || state.challenges.count >= Self.capacity else { break }
          state.challenges[nonce] = nil
        }
        state.first += 1
      }
      if state.first > Self.capacity {
        state.order.removeFirst(state.first)
        state.first = 0
      }
      state.challenges[challenge.nonce] = challenge
      state.order.append(challenge.nonce)
    }
  }

  package func take(_ nonce: Nonce) throws(Failure) -> Challenge? {
    state.withLock { $0.challenges.removeValue(forKey: nonce) }
  }
}
