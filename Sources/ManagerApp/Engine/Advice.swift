import Base
import CertificateKit
import Failures
import TokenKit
import UnlockKit
import Wording

/// One thing that should be done about a key: the one rule for what the window recommends.
struct Advice: Sendable, Equatable {
  enum Matter: Sendable, Equatable {
    case unreadable
    case locked
    case expired(days: Int)
    case notYetValid
    case few(left: Int)
    case expiring(days: Int)
    case defaultPIN
    /// Not yet within the reminder window, but it can be renewed.
    case renewable(days: Int)
  }

  var source: TokenSource
  /// The certificate that it is about; `nil`: the key.
  var place: CertificatePlace.Path?
  /// Whose certificate, made safe to show.
  var owner = ""
  var matter: Matter

  var grade: Grade {
    switch matter {
    case .unreadable, .locked, .expired, .notYetValid: .error
    case .few, .expiring, .defaultPIN: .warning
    case .renewable: .none
    }
  }

  /// The business that solves it.
  var business: Business? {
    switch matter {
    case .locked, .few: .unlock
    case .expired, .expiring, .renewable: .renew
    case .unreadable, .notYetValid, .defaultPIN: nil
    }
  }

  /// Smaller is more urgent.
  fileprivate var order: [Int] {
    switch matter {
    case .locked: [0, 0]
    case .unreadable: [0, 1]
    case .expired(let days): [0, 2, -days]
    case .notYetValid: [0, 3]
    case .few(let left): [1, 0, left]
    case .expiring(let days): [1, 1, days]
    case .defaultPIN: [1, 2]
    case .renewable(let days): [2, days]
    }
  }
}

extension World {
  /// What is to be done, most urgent first.
  var advice: [Advice] {
    let all = slots.flatMap { slot -> [Advice] in
      switch slot.card {
      case .empty, .reading: []
      case .failed: [Advice(source: slot.source, matter: .unreadable)]
      case .key(let snapshot): snapshot.isComplete ? advice(snapshot) : []
      }
    }
    return all.enumerated().sorted {
      $0.element.order == $1.element.order
        ? $0.offset < $1.offset : $0.element.order.lexicographicallyPrecedes($1.element.order)
    }.map(\.element)
  }

  private func advice(_ snapshot: TokenSnapshot) -> [Advice] {
    var found: [Advice] = []
    if snapshot.applications.failure != nil { found.append(Advice(source: snapshot.source, matter: .unreadable)) }
    for application in snapshot.applications.value ?? [] {
      guard let status = application.userPIN.value else { continue }
      let matter: Advice.Matter? =
        if status.isLocked {
          .locked
        } else if status.isLow, let left = status.triesLeft {
          .few(left: left)
        } else {
          status.isDefault == true ? .defaultPIN : nil
        }
      if let matter { found.append(Advice(source: snapshot.source, matter: matter)) }
    }
    for subject in snapshot.subjects {
      guard let certificate = subject.certificate.value, let matter = matter(certificate.validity) else { continue }
      found.append(
        Advice(
          source: snapshot.source, place: subject.path, owner: displaySafe(certificate.owner), matter: matter))
    }
    return found
  }

  private func matter(_ validity: Validity) -> Advice.Matter? {
    let days = validity.daysLeft(now: now)
    switch validity.state(now: now, reminderDays: reminderDays) {
    case .notYetValid: return .notYetValid
    case .expired: return .expired(days: max(0, -(days + 1)))
    case .expiring: return .expiring(days: days)
    case .valid: return days <= renewalDays ? .renewable(days: days) : nil
    }
  }

  /// The pair of certificates that is selected.
  var selectedSubject: CertificatePlace? {
    guard let snapshot = selectedSlot?.snapshot, let entry = selectedEntry else { return nil }
    return snapshot.subject(of: entry)
  }
}

extension Picture {
  /// A line of advice in words, the owner cut so that the rest is seen.
  func text(_ advice: Advice, width: Int) -> String {
    let words = AdviceWords[language]
    func of(_ body: (String) -> String) -> String {
      body(fit(advice.owner, max(8, width - textWidth(body("")) - 2)))
    }
    let text =
      switch advice.matter {
      case .unreadable: words.unreadable
      case .locked: words.locked
      case .few(let left): words.few(left)
      case .defaultPIN: words.isDefault
      case .expired(let days): of { words.expired($0, days) }
      case .notYetValid: of(words.notYetValid)
      case .expiring(let days): of { words.expiring($0, days) }
      case .renewable(let days): of { words.renewable($0, days) }
      }
    return (advice.grade == .none ? Symbol.skipped.rawValue : advice.grade.symbol) + " " + text + keySuffix(advice)
  }

  /// Which key, where there are several.
  private func keySuffix(_ advice: Advice) -> String {
    let keys = world.slots.filter { !$0.isEmpty }
    guard keys.count > 1, advice.place == nil, let slot = world.slot(advice.source) else { return "" }
    let name = slot.snapshot?.device.serial.value?.text ?? slot.source.reader
    return Punctuation[language].paren(fitStart(displaySafe(name), 12))
  }
}
