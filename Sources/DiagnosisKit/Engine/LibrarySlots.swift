import Base
import Failures
import Synchronization
import TokenKit

/// What the vendor libraries show. They are asked beside the links of the chain, each on a thread of its own: one that
/// hangs is no matter of the reader service, and keeps no other from being looked at.
final class LibrarySlots: Sendable {
  enum Answer: Sendable {
    case slots([TokenSlot])
    case failed(Failure)
    /// Not come in time.
    case late
  }

  let providers: [any TokenProvider]
  /// For all of them, from the first question on.
  private let limit: Duration
  /// For a link of the way over PC/SC that only wants to know whether it matters: shorter than any link's own time.
  private let patience: Duration
  private let fan: FanOut<Answer>
  /// Set by the first question.
  private let deadline = Mutex<Instant?>(nil)

  init(_ providers: [any TokenProvider], options: DiagnosisOptions) {
    limit = options.scaled(.seconds(5))
    patience = options.scaled(.seconds(2))
    self.providers = providers.filter { !$0.isService && !$0.isEmbedded }
    fan = FanOut(count: self.providers.count)
  }

  /// Asks them all, the first time. - Returns: until when they are waited for.
  @discardableResult
  func start() -> Instant {
    let (end, isFirst) = deadline.withLock { deadline in
      if let deadline { return (deadline, false) }
      let end = Instant.now + limit
      deadline = end
      return (end, true)
    }
    guard isFirst else { return end }
    for (index, provider) in providers.enumerated() {
      let isAsked = fan.ask(index) {
        do throws(Failure) {
          return .slots(try provider.slots())
        } catch {
          return .failed(error)
        }
      }
      if !isAsked { fan.answer(index, .failed(Failure(.internalError, function: "pthread_create"))) }
    }
    return end
  }

  /// Waits for the answers, not beyond the limit.
  var all: [(provider: any TokenProvider, answer: Answer)] {
    zip(providers, fan.wait(until: start())).map { ($0, $1 ?? .late) }
  }

  /// Whether one of them shows a key. Waits until that is certain, but not longer than a link can bear that only wants to
  /// know whether it matters.
  var hasKey: Bool {
    let end = min(start(), Instant.now + patience)
    return Self.isKeyShown(fan.wait(until: end, enough: Self.isKeyShown))
  }

  /// Whether one of them has shown a key by now.
  var hasShownKey: Bool { Self.isKeyShown(fan.soFar) }

  private static func isKeyShown(_ answers: [Answer?]) -> Bool {
    answers.contains {
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
