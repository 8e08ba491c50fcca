/// How near the end of a certificate is, in the stages in which people are reminded.
package enum ExpiryStage: Int, Sendable, Comparable, CaseIterable {
  case none
  /// It can be renewed.
  case renewable
  /// It counts as expiring.
  case reminder
  case soon
  case urgent
  case expired

  package static func < (left: ExpiryStage, right: ExpiryStage) -> Bool { left.rawValue < right.rawValue }
}

/// Days before the end at which each stage begins.
package struct ExpiryDays: Sendable, Equatable {
  package var renewal: Int
  package var reminder: Int
  package var soon: Int
  package var urgent: Int

  package init(renewal: Int, reminder: Int, soon: Int, urgent: Int) {
    self.renewal = renewal
    self.reminder = reminder
    self.soon = soon
    self.urgent = urgent
  }

  /// The stage at `now` (seconds since 1970-01-01 UTC). What counts as expiring is as everywhere (``Validity/state(now:reminderDays:)``);
  /// the later stages are within it, even where one is set to begin before.
  package func stage(_ validity: Validity, now: Int64) -> ExpiryStage {
    let days = validity.daysLeft(now: now)
    return switch validity.state(now: now, reminderDays: reminder) {
    case .notYetValid: .none
    case .expired: .expired
    case .expiring: days <= urgent ? .urgent : days <= soon ? .soon : .reminder
    case .valid: days <= renewal ? .renewable : .none
    }
  }
}
