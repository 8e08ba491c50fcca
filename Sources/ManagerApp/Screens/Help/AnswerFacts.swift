import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension HelpPicture {
  typealias Fact = (text: String, style: Style)

  /// What an answer says of the key that is plugged in; nothing where the question is not about one.
  func facts(_ question: Question) -> [Fact] {
    let own = AnswerKeyWords[language]
    switch question {
    case .invoice, .hotline: return keyNumbers(own)
    case .handover: return certificate(own)
    case .loginSilent: return certificate(own) + pin(own, withDefault: false) + service(own)
    case .business: return certificate(own) + keyNumbers(own)
    case .changePIN: return pin(own, withDefault: true)
    case .wrongPIN, .locked: return pin(own, withDefault: false)
    case .adminPIN: return []
    }
  }

  /// The key in hand, or why there is none to speak of.
  private func ofKey(_ own: AnswerKeyWords, _ body: (TokenSnapshot) -> [Fact]) -> [Fact] {
    guard let slot = world.selectedSlot, !slot.isEmpty else { return [(own.noKey, .dim)] }
    switch slot.card {
    case .empty: return [(own.noKey, .dim)]
    case .reading: return [(own.reading, .dim)]
    case .failed(let failure): return [(Symbol.error.before(text(failure)), .error)]
    case .key(let snapshot): return [(own.title(snapshot.title), .key)] + body(snapshot)
    }
  }

  private func pin(_ own: AnswerKeyWords, withDefault: Bool) -> [Fact] {
    ofKey(own) { snapshot in
      let application = world.selectedEntry?.application ?? snapshot.applications.value?.first
      guard let reading = application?.userPIN, let status = reading.value else { return [(own.triesUnknown, .normal)] }
      if status.isLocked { return [(Symbol.error.before(own.locked), .error)] }
      let grade = grade(reading)
      let tries = status.triesLeft.map { own.tries($0, status.triesMax) } ?? own.triesUnknown
      var facts: [Fact] = [(status.isLow ? Symbol.warning.before(tries) : tries, status.isLow ? grade.style : .normal)]
      if status.isDefault == true {
        facts.append((Symbol.warning.before(own.isDefault), .warning))
      } else if withDefault, status.isDefault == false {
        facts.append((Symbol.ok.before(own.notDefault), .ok))
      }
      return facts
    }
  }

  private func certificate(_ own: AnswerKeyWords) -> [Fact] {
    ofKey(own) { _ in
      guard let certificate = world.selectedSubject?.certificate.value else {
        return [(Symbol.warning.before(own.noCertificate), .warning)]
      }
      let grade = grade(certificate.validity)
      let days = words.days(certificate.validity, now: now, reminderDays: world.reminderDays)
      return [
        (grade.symbol + " " + own.certificate(displaySafe(certificate.owner), days), grade.style)
      ]
    }
  }

  private func service(_ own: AnswerKeyWords) -> [Fact] {
    world.isKeyServiceThere
      ? [(Symbol.ok.before(own.serviceRuns), .ok)] : [(Symbol.warning.before(own.serviceMissing), .warning)]
  }

  /// What may be told over the telephone, and what a form on the web asks for.
  private func keyNumbers(_ own: AnswerKeyWords) -> [Fact] {
    guard let certificate = world.selectedSubject?.certificate.value else { return [] }
    var facts: [Fact] = [(displaySafe(certificate.owner), .title)]
    if let code = certificate.uscc?.code { facts.append((words.uscc + " " + displaySafe(code), .normal)) }
    facts.append((own.serial(certificate.serialText), .normal))
    if let serial = world.selectedSlot?.snapshot?.device.serial.value {
      facts.append((words.keySerial + " " + displaySafe(serial), .normal))
    }
    return facts
  }
}
