import Base
import Failures
import TokenKit

/// What the vendor libraries show. They are asked beside the links of the chain, each on a thread of its own: one that
/// hangs is no matter of the reader service, and keeps no other from being looked at.
final class LibrarySlots: @unchecked Sendable {
  // Unchecked: `condition` guards all that changes.

  enum Answer {
    case slots([TokenSlot])
    case failed(Failure)
    /// Not come in time.
    case late
  }

  /// Nanoseconds to wait for all of them, from the first question on.
  private static let limit: UInt64 = 5_000_000_000

  private static let patience: UInt64 = 1_000_000_000

  let providers: [any TokenProvider]
  private let condition = Condition()
  private var answers: [Int: Answer] = [:]
  private var deadline: UInt64?

  init(_ providers: [any TokenProvider]) { self.providers = providers.filter { !$0.isService && !$0.isEmbedded } }

  /// Asks them all, the first time.
  func start() {
    let isFirst = condition.withLock {
      defer { deadline = deadline ?? Condition.now() &+ Self.limit }
      return deadline == nil
    }
    guard isFirst else { return }
    for (index, provider) in providers.enumerated() {
      let body: @Sendable () -> Void = { [self] in
        let answer: Answer
        do throws(Failure) {
          answer = .slots(try provider.slots())
        } catch {
          answer = .failed(error)
        }
        condition.withLock {
          answers[index] = answer
          condition.broadcast()
        }
      }
      if !WorkerThread.start(body) {
        let failure = Failure(.internalError, function: "pthread_create")
        condition.withLock { answers[index] = .failed(failure) }
      }
    }
  }

  /// Waits for the answers, not beyond the limit.
  var all: [(provider: any TokenProvider, answer: Answer)] {
    start()
    let got = condition.withLock { () -> [Int: Answer] in
      while answers.count < providers.count, condition.wait(until: deadline) {}
      return answers
    }
    return providers.enumerated().map { ($1, got[$0] ?? .late) }
  }

  /// Whether one of them shows a key. Waits until that is certain, but not longer than a link can bear that only wants to
  /// know whether it matters.
  var hasKey: Bool {
    start()
    return condition.withLock {
      let limit = min(deadline ?? .max, Condition.now() &+ Self.patience)
      while !isKeyShown, answers.count < providers.count, condition.wait(until: limit) {}
      return isKeyShown
    }
  }

  /// Whether one of them has shown a key by now.
  var hasShownKey: Bool { condition.withLock { isKeyShown } }

  /// Called in the lock.
  private var isKeyShown: Bool {
    answers.values.contains {
      if case .slots(let slots) = $0 { slots.contains { $0.content != .empty } } else { false }
    }
  }

  /// Those that failed or are late.
  var troubles: [(provider: any TokenProvider, failure: Failure)] {
    all.compactMap { provider, answer in
      switch answer {
      case .slots: nil
      case .failed(let failure): (provider, failure)
      case .late: (provider, Failure(.libraryTimeout, context: provider.title))
      }
    }
  }
}
