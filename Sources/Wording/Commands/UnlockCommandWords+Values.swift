package import TokenKit

extension UnlockCommandWords {
  /// The outcome of unlocking at the desk, where the PIN that was wrong or locked is the administrator's.
  package func text(_ outcome: PINOutcome, _ language: Language) -> OutcomeText {
    let general = PINWords[language].text(outcome, language)
    return switch outcome {
    case .wrong(let left): OutcomeText(title: adminWrong(left), next: general.next)
    case .locked: OutcomeText(title: UnlockWords[language].adminLocked, next: "")
    case .unblocked: OutcomeText(title: general.title, next: "")
    default: general
    }
  }
}
