import Failures
package import TokenKit

/// The words about PINs, for the screen and the commands alike.
package struct PINWords: Sendable {
  package var title: String
  package var adminTitle: String
  package var pin: String
  package var oldPIN: String
  package var newPIN: String
  package var repeatPIN: String
  package var adminPIN: String
  package var puk: String

  // Before
  package var triesLeft: @Sendable (Int?, Int?) -> String
  package var confirmLow: @Sendable (Int?) -> String
  package var confirmWord: String
  /// What else is typed for yes, in lower case.
  package var yes: [String]
  package var lastTryRefused: String
  package var policy: @Sendable (_ minimum: Int, _ maximum: Int) -> String
  package var cancelled: String

  // Rules
  package var rule: @Sendable (PINRule) -> String

  // Outcomes
  package var verified: String
  package var changed: String
  package var changedNext: String
  package var unblocked: String
  package var unblockedNext: String
  package var wrong: @Sendable (Int?) -> String
  package var wrongNext: String
  package var locked: String
  package var lockedNext: String
  package var notSent: String
  package var notSentNext: String
  package var tooFewTries: @Sendable (Int?) -> String
  package var noProfile: String
  package var noProfileNext: String
  package var otherKey: String
  package var otherKeyNext: String
  package var refused: @Sendable (String) -> String
  package var refusedNext: String
  package var refusedExpired: String
  package var refusedNotSet: String
  package var refusedAgain: String
  package var unknownVerify: String
  package var unknownVerifyNext: String
  package var unknownChange: String
  package var unknownChangeNext: String
  package var unknownUnblock: String
  package var unknownUnblockNext: String
  /// An answer came, but one from which nothing follows: in place of the three above.
  package var unknownAnswer: String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  package static subscript(language: Language) -> PINWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}

/// What happened and what to do next.
package struct OutcomeText: Sendable, Equatable {
  package var title: String
  package var next: String

  package init(title: String, next: String) {
    self.title = title
    self.next = next
  }

  /// As the commands print it: what happened, and under it what to do.
  package var lines: String { next.isEmpty ? title : title + "\n  " + Symbol.next.before(next) }
}

extension PINWords {
  /// An outcome in words; `language` for the failures inside it.
  package func text(_ outcome: PINOutcome, _ language: Language) -> OutcomeText {
    switch outcome {
    case .verified: OutcomeText(title: verified, next: "")
    case .changed: OutcomeText(title: changed, next: changedNext)
    case .unblocked: OutcomeText(title: unblocked, next: unblockedNext)
    case .wrong(let left): OutcomeText(title: wrong(left), next: wrongNext)
    case .locked: OutcomeText(title: locked, next: lockedNext)
    case .refused(let failure): OutcomeText(title: refused(failure.reference), next: next(PINRefusal(failure)))
    case .unknown(.verify, let failure):
      OutcomeText(title: unclear(failure, unknownVerify) + " · " + failure.reference, next: unknownVerifyNext)
    case .unknown(.change, let failure):
      OutcomeText(title: unclear(failure, unknownChange) + " · " + failure.reference, next: unknownChangeNext)
    case .unknown(.unblock, let failure):
      OutcomeText(title: unclear(failure, unknownUnblock) + " · " + failure.reference, next: unknownUnblockNext)
    case .notSent(let reason): text(notSent: reason, language)
    }
  }

  private func next(_ refusal: PINRefusal) -> String {
    switch refusal {
    case .otherPIN: refusedNext
    case .expired: refusedExpired
    case .notSet: refusedNotSet
    case .again: refusedAgain
    }
  }

  /// A library that answers with an error has answered; only what the error means for the PIN is not known.
  private func unclear(_ failure: Failure, _ silent: String) -> String {
    failure.code == .libraryRefused ? unknownAnswer : silent
  }

  private func text(notSent reason: PINOutcome.NotSent, _ language: Language) -> OutcomeText {
    switch reason {
    case .rule(let broken): OutcomeText(title: notSent + rule(broken), next: notSentNext)
    case .tries(let left): OutcomeText(title: notSent + tooFewTries(left), next: lastTryRefused)
    case .noProfile: OutcomeText(title: notSent + noProfile, next: noProfileNext)
    case .otherKey: OutcomeText(title: notSent + otherKey, next: otherKeyNext)
    case .failure(let failure):
      OutcomeText(title: notSent + failure.line(language), next: failure.words(language).remedy)
    }
  }
}
