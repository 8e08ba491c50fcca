import Failures
package import TokenKit

/// The words about PINs, for the screen and the commands alike.
package struct PINWords: Sendable {
  package var title: String
  package var adminTitle: String
  package var pin: String
  // The fields of a change, by what the PIN is called.
  package var old: @Sendable (String) -> String
  package var new: @Sendable (String) -> String
  package var again: @Sendable (String) -> String
  package var adminPIN: String
  package var puk: String

  // Before
  package var triesLeft: @Sendable (Int?, Int?) -> String
  package var confirmLow: @Sendable (Int?) -> String
  package var confirmWord: String
  /// What is typed to get to the administrator PIN, in lower case.
  package var adminWord: String
  /// What else is typed for yes, in lower case.
  package var yes: [String]
  package var lastTryRefused: String
  /// The same of a PIN that unlocks others.
  package var lastAdminTryRefused: String
  package var policy: @Sendable (_ minimum: Int, _ maximum: Int) -> String
  package var cancelled: String

  // Rules
  package var rule: @Sendable (PINRule) -> String

  // Outcomes
  /// What the PIN is called inside a sentence.
  package var named: @Sendable (PINName) -> String
  package var verified: @Sendable (String) -> String
  package var changed: @Sendable (String) -> String
  package var changedNext: String
  package var adminChangedNext: String
  package var unblocked: String
  package var unblockedNext: String
  package var wrong: @Sendable (String, Int?) -> String
  package var wrongNext: String
  /// For an administrator PIN or PUK.
  package var adminWrongNext: String
  package var locked: @Sendable (String) -> String
  package var lockedNext: String
  /// For an administrator PIN or PUK.
  package var pukLockedNext: String
  /// For the user PIN of a key that is unlocked with its PUK, and not by a request.
  package var unlockByPUK: String
  /// The same with an administrator PIN.
  package var unlockByAdmin: String
  package var notSent: String
  package var notSentNext: String
  package var tooFewTries: @Sendable (Int?) -> String
  package var noProfile: String
  package var noProfileNext: String
  package var otherKey: String
  package var otherKeyNext: String
  package var refused: @Sendable (_ pin: String, _ detail: String) -> String
  package var refusedNext: @Sendable (String) -> String
  /// Of a PIN that was to be compared, not set.
  package var refusedEntered: String
  package var refusedExpired: String
  package var refusedNotSet: String
  package var refusedAgain: String
  package var unknownVerify: String
  package var unknownVerifyNext: String
  package var unknownChange: String
  package var unknownChangeNext: String
  package var unknownUnblock: String
  package var unknownUnblockNext: String
  /// It was not waited for any longer: behind the three above.
  package var unknownLeft: String
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

extension PINWords {
  package var oldPIN: String { old(pin) }
  package var newPIN: String { new(pin) }
  package var repeatPIN: String { again(pin) }
}

/// Which PIN an outcome is about, by what it is called.
package enum PINName: Sendable, Equatable {
  case user
  case admin
  /// The administrator PIN of a PIV card.
  case puk

  package init(_ role: PINReference.Role, on family: TokenFamily) {
    self = role == .user ? .user : family.traits.adminIsPUK ? .puk : .admin
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
  ///
  /// - Parameters:
  ///   - pin: the PIN that was asked of the key, which is the one that is wrong or locked.
  ///   - family: the kind of key, where it is known: it tells how a locked PIN is unlocked.
  package func text(
    _ outcome: PINOutcome, _ language: Language, of pin: PINName = .user, on family: TokenFamily? = nil
  ) -> OutcomeText {
    let name = named(pin)
    return switch outcome {
    case .verified: OutcomeText(title: verified(name), next: "")
    case .changed: OutcomeText(title: changed(name), next: pin == .user ? changedNext : adminChangedNext)
    case .unblocked: OutcomeText(title: unblocked, next: unblockedNext)
    case .wrong(let left): OutcomeText(title: wrong(name, left), next: pin == .user ? wrongNext : adminWrongNext)
    case .locked: OutcomeText(title: locked(name), next: lockedNext(pin, family))
    case .refused(let failure):
      OutcomeText(
        title: refused(name, failure.reference), next: next(PINRefusal(failure), name, isLogin: failure.isOfLogin))
    case .unknown(.verify, let failure):
      OutcomeText(
        title: unclear(failure, unknownVerify) + " · " + failure.reference, next: next(failure, unknownVerifyNext))
    case .unknown(.change, let failure):
      OutcomeText(
        title: unclear(failure, unknownChange) + " · " + failure.reference, next: next(failure, unknownChangeNext))
    case .unknown(.unblock, let failure):
      OutcomeText(
        title: unclear(failure, unknownUnblock) + " · " + failure.reference, next: next(failure, unknownUnblockNext))
    case .notSent(let reason): text(notSent: reason, pin, language)
    }
  }

  private func lockedNext(_ pin: PINName, _ family: TokenFamily?) -> String {
    if pin != .user { return pukLockedNext }
    guard let traits = family?.traits, !traits.unlocksRemotely else { return lockedNext }
    return traits.adminIsPUK ? unlockByPUK : unlockByAdmin
  }

  private func next(_ refusal: PINRefusal, _ name: String, isLogin: Bool) -> String {
    switch refusal {
    case .otherPIN: isLogin ? refusedEntered : refusedNext(name)
    case .expired: refusedExpired
    case .notSet: refusedNotSet
    case .again: refusedAgain
    }
  }

  private func next(_ failure: Failure, _ usual: String) -> String {
    failure.code == .cancelled ? usual + unknownLeft : usual
  }

  /// A key or library that answers with an error has answered; only what that means for the PIN is not known.
  private func unclear(_ failure: Failure, _ silent: String) -> String {
    switch failure.code {
    case .libraryRefused, .commandRefused, .answerMalformed: unknownAnswer
    default: silent
    }
  }

  private func text(notSent reason: PINOutcome.NotSent, _ pin: PINName, _ language: Language) -> OutcomeText {
    switch reason {
    case .rule(let broken): OutcomeText(title: notSent + rule(broken), next: notSentNext)
    case .tries(let left):
      OutcomeText(title: notSent + tooFewTries(left), next: pin == .user ? lastTryRefused : lastAdminTryRefused)
    case .noProfile: OutcomeText(title: notSent + noProfile, next: noProfileNext)
    case .otherKey: OutcomeText(title: notSent + otherKey, next: otherKeyNext)
    case .failure(let failure):
      OutcomeText(title: notSent + failure.line(language), next: failure.words(language).remedy)
    }
  }
}
