package import TokenKit

extension UnlockCommandWords {
  enum SearchUnit { case instant, seconds, minutes, hours, days, years }

  /// A time in the unit that leaves two digits or more, at most 999,999,999 of it.
  static func searchTime(_ seconds: Double) -> (Int, SearchUnit) {
    let steps: [(Double, SearchUnit)] = [
      (1, .seconds), (60, .minutes), (3600, .hours), (86_400, .days), (31_557_600, .years),
    ]
    guard seconds >= 1, let step = steps.last(where: { seconds >= 2 * $0.0 }) ?? steps.first else {
      return (0, .instant)
    }
    return (whole(seconds / step.0), step.1)
  }

  /// Rounded, at most 999,999,999.
  static func whole(_ number: Double) -> Int { number.isFinite ? Int(min(max(number, 0), 999_999_999).rounded()) : 0 }

  /// The outcome of unlocking at the desk, where the PIN that was wrong or locked is the administrator's.
  package func text(_ outcome: PINOutcome, _ language: Language, on family: TokenFamily) -> OutcomeText {
    let words = PINWords[language]
    let general = words.text(outcome, language)
    return switch outcome {
    case .wrong, .notSent(.tries): words.text(outcome, language, of: PINName(.admin, on: family))
    case .locked: OutcomeText(title: UnlockWords[language].adminLocked, next: "")
    case .unblocked: OutcomeText(title: general.title, next: "")
    default: general
    }
  }
}
