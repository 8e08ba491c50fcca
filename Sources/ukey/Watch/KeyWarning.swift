import CertificateKit
import Failures
import TokenKit
import Wording

/// Something about a key that was read, in a few words with its mark: `⚠ 39 days left`.
struct KeyWarning: Equatable {
  var text: String
  /// Something must be done.
  var isUrgent: Bool

  /// What ends soonest, and a PIN that is locked, near it or still the initial one.
  static func all(_ snapshot: TokenSnapshot, now: Int64, days: Int, _ language: Language) -> [KeyWarning] {
    let words = Words[language]
    var result: [KeyWarning] = []
    let certificates = snapshot.subjects.compactMap { $0.certificate.value }
    if let first = certificates.min(by: { $0.validity.notAfter < $1.validity.notAfter })?.validity {
      let state = first.state(now: now, reminderDays: days)
      result.append(
        KeyWarning(
          text: Symbol(state).before(words.days(first, now: now, reminderDays: days)), isUrgent: state != .valid))
    }
    for status in (snapshot.applications.value ?? []).compactMap({ $0.userPIN.value }) {
      if status.isLocked {
        result.append(KeyWarning(text: Symbol.error.before(words.pin + " " + words.locked), isUrgent: true))
      } else if let left = status.triesLeft, status.isLow {
        result.append(
          KeyWarning(text: Symbol.warning.before(words.pin + " " + words.tries(left, status.triesMax)), isUrgent: true))
      } else if status.isDefault == true {
        result.append(KeyWarning(text: Symbol.warning.before(words.defaultPIN), isUrgent: true))
      }
    }
    return result
  }
}
