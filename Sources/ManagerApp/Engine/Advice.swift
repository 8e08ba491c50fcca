import Base
import CertificateKit
import DiagnosisKit
import Failures
import RenewalKit
import TokenKit
import UnlockKit
import Wording

/// One thing that should be done: the one rule for what the window recommends.
struct Advice: Sendable, Equatable {
  enum Matter: Sendable, Equatable {
    /// The reader service, which all keys are reached by.
    case serviceDown
    /// Where the last diagnosis found the break.
    case broken(CheckID)
    case unreadable
    case locked
    case expired(days: Int)
    case notYetValid
    case few(left: Int)
    case expiring(days: Int, ExpiryStage)
    /// One of a pair was renewed and the other, of this role and with this last day, was not.
    case halfRenewed(ContainerSnapshot.Role, until: Int64)
    case defaultPIN
    /// A new certificate is half done on the key, or the old one is still beside it.
    case order(RenewalStage)
    /// Not yet within the reminder window, but it can be renewed.
    case renewable(days: Int)
  }

  /// The key that it is about; `nil`: none in particular.
  var source: TokenSource?
  /// The certificate that it is about; `nil`: the key.
  var place: CertificatePlace.Path?
  /// Whose certificate, made safe to show.
  var owner = ""
  var matter: Matter
  /// A locked PIN of this key is unlocked by a request; otherwise by who keeps its PUK or administrator PIN.
  var isUnlockedByRequest = true

  var grade: Grade {
    switch matter {
    case .serviceDown, .broken, .unreadable, .locked, .expired, .notYetValid: .error
    case .few, .expiring, .halfRenewed, .defaultPIN: .warning
    case .order(let stage): stage == .installed ? .none : .warning
    case .renewable: .none
    }
  }

  /// The business that solves it.
  var business: Business? {
    switch matter {
    case .locked, .few: isUnlockedByRequest ? .unlock : nil
    case .expired, .expiring, .renewable, .halfRenewed, .order: .renew
    case .serviceDown, .broken, .unreadable, .notYetValid, .defaultPIN: nil
    }
  }

  /// Where it is in the list.
  var row: RowID? {
    guard let source else { return nil }
    return place.map { RowID.entry(source, $0) } ?? .slot(source)
  }

  /// Smaller is more urgent.
  fileprivate var order: [Int] {
    switch matter {
    case .serviceDown: [0, 0]
    case .broken: [0, 1]
    case .locked: [0, 2]
    case .unreadable: [0, 3]
    case .expired(let days): [0, 4, -days]
    case .notYetValid: [0, 5]
    case .expiring(let days, .urgent): [1, 0, days]
    case .order(.installed): [1, 5]
    case .order: [1, 0, 0]
    case .few(let left): [1, 1, left]
    case .expiring(let days, _): [1, 2, days]
    case .halfRenewed: [1, 3]
    case .defaultPIN: [1, 4]
    case .renewable(let days): [2, days]
    }
  }
}

/// All that the advice is made of.
struct AdviceOrigin: Equatable, Sendable {
  var keys: KeysVersion
  var isDown: Bool
  var brokenLink: CheckID?
  var days: ExpiryDays
  var orders: [RenewalJournal]
  var now: Int64
}

extension World {
  /// What is to be done, most urgent first.
  var advice: [Advice] {
    madeAdvice.value(
      of: AdviceOrigin(
        keys: keysVersion, isDown: isDown, brokenLink: brokenLink, days: expiryDays, orders: orders, now: now)
    ) { sortedAdvice }
  }

  private var sortedAdvice: [Advice] {
    var all = slots.flatMap { slot -> [Advice] in
      switch slot.card {
      case .empty, .reading: []
      // What no key is has nothing to be found out.
      case .failed(let failure) where ForeignCard(failure)?.kind.isForOpenSC == false: []
      case .failed: [Advice(source: slot.source, matter: .unreadable)]
      case .key(let snapshot): snapshot.isComplete ? advice(snapshot) : []
      }
    }
    // Without a key the pane says all about the service; beside one that another way reaches it is a line.
    if isDown, slots.contains(where: { !$0.isEmpty }) { all.append(Advice(matter: .serviceDown)) }
    // What the keys themselves say tells more than the link of the chain that it breaks.
    if let brokenLink, !all.contains(where: { $0.grade == .error }) { all.append(Advice(matter: .broken(brokenLink))) }
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
      if let matter {
        let isByRequest = snapshot.family.traits.unlocksRemotely
        found.append(Advice(source: snapshot.source, matter: matter, isUnlockedByRequest: isByRequest))
      }
    }
    for subject in snapshot.subjects {
      guard let certificate = subject.certificate.value else { continue }
      var advice = Advice(
        source: snapshot.source, place: subject.path, owner: displaySafe(certificate.owner), matter: .notYetValid)
      if let old = snapshot.leftBehind(subject), let validity = old.certificate.value?.validity {
        advice.place = old.path
        advice.matter = .halfRenewed(old.role, until: validity.notAfter)
        found.append(advice)
        advice.place = subject.path
        // What is said of its own end would be the same thing said twice.
        if old.path == subject.path { continue }
      }
      if let order = order(certificate, of: snapshot), order.oldCertificate == certificate.der {
        // What is said of its end would send there, too.
        advice.matter = .order(order.stage)
        found.append(advice)
        continue
      }
      guard let matter = matter(certificate.validity) else { continue }
      advice.matter = matter
      found.append(advice)
    }
    return found
  }

  private func matter(_ validity: Validity) -> Advice.Matter? {
    let days = validity.daysLeft(now: now)
    if now < validity.notBefore { return .notYetValid }
    switch expiryDays.stage(validity, now: now) {
    case .expired: return .expired(days: max(0, -(days + 1)))
    case .none: return nil
    case .renewable: return .renewable(days: days)
    case let stage: return .expiring(days: days, stage)
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
      case .serviceDown: words.serviceDown
      case .broken(let link): words.broken(link.title(language))
      case .halfRenewed(let role, let until):
        of { words.halfRenewed($0, self.words.role(role), LocalTime.date(until)) }
      case .order(let stage): of { RenewalScreenWords[language].advice($0, stage) }
      case .unreadable: words.unreadable
      case .locked: advice.isUnlockedByRequest ? words.locked : words.lockedHere
      case .few(let left): (advice.isUnlockedByRequest ? words.few : words.fewHere)(left)
      case .defaultPIN: words.isDefault
      case .expired(let days): of { words.expired($0, days) }
      case .notYetValid: of(words.notYetValid)
      case .expiring(let days, .urgent): of { words.urgent($0, days) }
      case .expiring(let days, .soon): of { words.soon($0, days) }
      case .expiring(let days, _): of { words.expiring($0, days) }
      case .renewable(let days): of { words.renewable($0, days) }
      }
    return (advice.grade == .none ? Symbol.skipped.rawValue : advice.grade.symbol) + " " + text + keySuffix(advice)
  }

  /// Which key, where there are several.
  private func keySuffix(_ advice: Advice) -> String {
    let keys = world.slots.filter { !$0.isEmpty }
    guard keys.count > 1, advice.place == nil, let source = advice.source, let slot = world.slot(source) else {
      return ""
    }
    let name = slot.snapshot?.device.serial.value?.text ?? slot.source.reader
    return Punctuation[language].paren(fitStart(displaySafe(name), 12))
  }
}
