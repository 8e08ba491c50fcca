import Base
import CertificateKit
import Failures
import TokenKit
import Wording

/// `ukey status` for people: the words of the manager, one item a line, no escape codes.
struct StatusText {
  let now: Int64
  let reminderDays: Int
  let language: Language
  let trust: TrustDirectory?
  /// Kept, because each use of the computed one copies some two hundred words.
  private let words: Words

  /// - Parameter trust: `nil`: chains are not spoken of.
  init(now: Int64, reminderDays: Int, language: Language, trust: TrustDirectory? = nil) {
    self.now = now
    self.reminderDays = reminderDays
    self.language = language
    self.trust = trust
    words = Words[language]
  }

  func document(_ reports: [ReaderReport], isDemo: Bool) -> String {
    var lines: [String] = isDemo ? [words.demo, ""] : []
    if reports.isEmpty { lines.append(FailureReport(failure: Failure(.noReader), language: language).text) }
    for (index, report) in reports.enumerated() {
      if index > 0 { lines.append("") }
      lines += reader(report)
    }
    // Not `joined`: its generic code is made ready at its first use, which costs as much as all the words here.
    var text = ""
    for (index, line) in lines.enumerated() {
      if index > 0 { text += "\n" }
      text += line
    }
    return text
  }

  /// Only what concerns the PINs of one key.
  func pins(_ snapshot: TokenSnapshot) -> String {
    var lines = [
      row(words.reader, displaySafe(snapshot.source.reader)),
      row(words.keySerial, value(snapshot.device.serial) { displaySafe($0) }),
    ]
    for application in snapshot.applications.value ?? [] {
      lines.append(row(words.application, displaySafe(application.name)))
      lines += pins(application, snapshot.family)
    }
    if snapshot.applications.value?.isEmpty != false { lines += withoutApplications(snapshot) }
    return lines.joined(separator: "\n")
  }

  private func pins(_ application: ApplicationSnapshot, _ family: TokenFamily) -> [String] {
    let user = row(words.pin, value(application.userPIN) { pin($0, family) })
    guard application.adminPIN != .notOffered else { return [user] }
    let label = family.traits.adminIsPUK ? PINWords[language].puk : words.adminPIN
    return [user, row(label, value(application.adminPIN) { pin($0, nil) })]
  }

  private func reader(_ report: ReaderReport) -> [String] {
    let label = report.source.kind == .usb ? "USB" : words.reader
    var lines = [row(label, displaySafe(report.source.reader))]
    switch report.content {
    case .empty: lines.append(row(words.linkKey, StatusWords[language].noneInserted))
    case .failed(let failure):
      lines.append(row(words.linkKey, FailureReport(failure: failure, language: language).text))
    case .key(let snapshot): lines += key(snapshot)
    }
    return lines
  }

  private func key(_ snapshot: TokenSnapshot) -> [String] {
    let device = snapshot.device
    let own = KeyNames.current[snapshot].map { ["“" + $0 + "”"] } ?? []
    let names = own + [device.label, device.manufacturer].compactMap { $0.value }.map { displaySafe($0) }
    var lines = [
      row(words.linkKey, names.isEmpty ? snapshot.family.name : names.joined(separator: " · ")),
      row(words.keySerial, value(device.serial) { displaySafe($0) }),
    ]
    lines += snapshot.alsoSeen.map { row(words.alsoSeen, displaySafe($0.provider + " · " + $0.reader)) }
    switch snapshot.applications {
    case .value(let applications):
      for application in applications { lines += self.application(application, snapshot.family) }
    case .failed, .absent, .notOffered: lines += withoutApplications(snapshot)
    }
    return lines
  }

  /// Why there is none to show.
  private func withoutApplications(_ snapshot: TokenSnapshot) -> [String] {
    let failure = snapshot.applications.failure ?? Failure(.applicationMissing)
    return [row(words.application, FailureReport(failure: failure, language: language).text)]
  }

  private func application(_ application: ApplicationSnapshot, _ family: TokenFamily) -> [String] {
    var lines = [row(words.application, displaySafe(application.name))] + pins(application, family)
    switch application.containers {
    case .value(let containers) where containers.contains { $0.entries.contains { $0.certificate != .absent } }:
      for container in containers {
        for entry in container.entries where entry.certificate != .absent {
          lines.append("")
          lines.append("  " + words.role(entry.role) + "  " + container.title(of: entry))
          switch entry.certificate {
          case .value(let value): lines += certificate(value).map { "    " + $0 }
          case .failed(let failure):
            lines.append("    " + FailureReport(failure: failure, language: language).text)
          case .absent, .notOffered: break
          }
        }
      }
    case .failed(let failure):
      lines.append(row(words.container, FailureReport(failure: failure, language: language).text))
    case .value, .absent, .notOffered:
      lines.append(
        row(words.certificateInfo, FailureReport(failure: Failure(.certificateMissing), language: language).text))
    }
    return lines
  }

  private func certificate(_ certificate: Certificate) -> [String] {
    [
      row(words.owner, displaySafe(certificate.owner)),
      row(words.uscc, certificate.uscc.map(uscc) ?? words.usccMissing),
      row(words.issuer, displaySafe(certificate.issuer.displayName)),
      row(words.serial, certificate.serialText),
      row(
        words.validity,
        words.range(certificate.validity.notBeforeDate, certificate.validity.notAfterDate) + "  "
          + validity(certificate.validity)),
      row(words.usage, words.usage(certificate.use)),
      row(words.algorithm, words.algorithm(certificate)),
    ] + (trust.map { [row(words.chain, words.chain($0.verify(certificate, at: now)))] } ?? [])
  }

  private func uscc(_ found: USCCFinding) -> String {
    let check =
      switch found.check {
      case .valid: Symbol.ok.rawValue
      case .checkDigitWrong: Symbol.warning.before(words.checkDigitWrong)
      case .organizationCodeOnly: Symbol.warning.before(words.organizationCodeOnly)
      }
    return found.code + " " + check + "  " + words.usccSource(words.source(found))
  }

  private func validity(_ validity: Validity) -> String {
    Symbol(validity.state(now: now, reminderDays: reminderDays))
      .before(words.days(validity, now: now, reminderDays: reminderDays))
  }

  /// - Parameter family: of the key whose user PIN it is; `nil` for an administrator PIN.
  private func pin(_ status: PINStatus, _ family: TokenFamily?) -> String {
    if status.isLocked {
      let door = family.map { StatusWords[language].door($0) }
      return Symbol.error.before(words.locked) + (door.map { " · " + $0 } ?? "")
    }
    let tries = status.triesLeft.map { words.tries($0, status.triesMax) } ?? words.triesUnknown
    if family == nil { return tries + "  " + words.adminIsAuthoritys }
    return tries + (status.isDefault == true ? "  " + Symbol.warning.before(words.defaultPIN) : "")
  }

  private func value<Value>(_ reading: Reading<Value>, _ body: (Value) -> String) -> String {
    switch reading {
    case .value(let value): body(value)
    case .absent: words.absent
    case .notOffered: words.notOffered
    case .failed(let failure): failure.line(language)
    }
  }

  private func row(_ label: String, _ value: String) -> String {
    label + String(repeating: " ", count: max(2, 14 - textWidth(label))) + value
  }
}
