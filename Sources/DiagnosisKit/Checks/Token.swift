import Base
import CertificateKit
import Failures
import TokenKit

extension Context {
  func checkToken() -> Finding {
    let keys = with { $0.keys }
    var good: [Evidence] = []
    var bad: [Failure] = []
    for key in keys {
      switch key.result {
      case .success(let snapshot): good += evidence(snapshot)
      case .failure(let failure): bad.append(failure)
      }
    }
    if let failure = bad.first, good.isEmpty {
      let details = ([failure] + failure.causes).map { Evidence(.error, $0.reference) }
      var facts: [Evidence] = []
      if let card = ForeignCard(failure) {
        facts.append(Evidence(.family, [card.kind.rawValue, card.provider].compactMap { $0 }.joined(separator: " · ")))
      }
      let unknown = ([failure] + failure.causes).first { $0.code == .tokenUnknown }
      if let atr = unknown?.context { facts.append(Evidence(.atr, atr)) }
      let cause: Cause =
        switch failure.code {
        case .tokenForeign: .cardForeign
        case .tokenUnknown: .cardUnknown
        default: .tokenFailed
        }
      return Finding(.fault, cause, facts + details, failure: failure)
    }
    return snapshots.count > 1 ? Finding(.warning, .severalKeys, good) : .ok(good)
  }

  private func evidence(_ snapshot: TokenSnapshot) -> [Evidence] {
    var list = [
      Evidence(.reader, snapshot.source.reader, .text), Evidence(.family, snapshot.family.rawValue),
    ]
    // A library's key has none.
    if !snapshot.atr.isEmpty { list.append(Evidence(.atr, hexText(snapshot.atr))) }
    if let label = snapshot.device.label.value { list.append(Evidence(.label, label.text, .text)) }
    if let maker = snapshot.device.manufacturer.value { list.append(Evidence(.model, maker.text)) }
    if let serial = snapshot.device.serial.value { list.append(Evidence(.keySerial, serial.text, .serial)) }
    list.append(Evidence(.profile, snapshot.profile ?? "-"))
    if let can = snapshot.libraryUnlocksRemotely {
      let names = LibraryInspection.remoteUnlock.joined(separator: " ")
      list.append(Evidence(.remoteUnlock, can ? names : "-"))
    }
    return list
  }

  // MARK: Certificates

  func checkCertificate() -> Finding {
    let applications = snapshots.flatMap { $0.applications.value ?? [] }
    let names = applications.map { Evidence(.application, $0.name.text, .text) }
    let failures = snapshots.compactMap(\.applications.failure) + applications.compactMap(\.containers.failure)
    if applications.isEmpty {
      if let failure = failures.first {
        return Finding(.fault, .tokenFailed, [Evidence(.error, failure.reference)], failure: failure)
      }
      return Finding(.fault, .noApplication, snapshots.map { Evidence(.reader, $0.source.reader, .text) })
    }
    let hasSlots = snapshots.allSatisfy { $0.family.traits.hasFixedSlots }
    if applications.allSatisfy({ $0.containers.value?.isEmpty ?? true }) {
      if let failure = failures.first {
        return Finding(.fault, .tokenFailed, [Evidence(.error, failure.reference)], failure: failure)
      }
      // For a login only the places were read from which one can be made.
      if options.only == .login, hasSlots { return Finding(.fault, .loginNoCertificate, names) }
      return Finding(.fault, hasSlots ? .noCertificate : .noContainer, names)
    }
    let entries = entries
    let broken = entries.filter { $0.certificate.failure != nil }
    let good = entries.filter { $0.certificate.value != nil }
    if good.isEmpty, broken.isEmpty { return Finding(.fault, .noCertificate, names) }
    if let entry = broken.first(where: \.isForLogin) ?? (good.isEmpty ? broken.first : nil),
      !good.contains(where: \.isForLogin), let failure = entry.certificate.failure
    {
      return Finding(
        .fault, .certificateBroken,
        [
          Evidence(.keyContainer, entry.container.name.text, .text), Evidence(.role, entry.role.rawValue),
          Evidence(.error, failure.reference),
        ], failure: failure)
    }
    return .ok(good.flatMap(evidence))
  }

  private func evidence(_ place: CertificatePlace) -> [Evidence] {
    guard let certificate = place.certificate.value else { return [] }
    var list = [
      Evidence(.role, place.role.rawValue), Evidence(.certificate, certificate.owner, .name),
      Evidence(.issuer, certificate.issuer.displayName), Evidence(.serial, certificate.serialText, .serial),
    ]
    if let organization = certificate.subject.organization, organization != certificate.owner {
      list.append(Evidence(.organization, organization, .name))
    }
    if let code = certificate.uscc?.code { list.append(Evidence(.uscc, code, .code)) }
    return list
  }

  func checkPair() -> Finding {
    let entries = entries
    let values = entries.filter { $0.certificate.value != nil }
    if !values.contains(where: \.isForLogin) {
      return Finding(.fault, .signatureMissing, values.map { Evidence(.role, $0.role.rawValue) })
    }
    var doubt: Finding?
    var hasPair = false
    for entry in entries where entry.role == .signature {
      guard let signature = entry.certificate.value,
        let other = entries.first(where: {
          $0.source == entry.source && $0.path.application == entry.path.application
            && $0.path.container == entry.path.container && $0.role == .encryption
        })
      else { continue }
      let name = Evidence(.keyContainer, entry.container.name.text, .text)
      guard let encryption = other.certificate.value else {
        doubt = doubt ?? Finding(.warning, .encryptionMissing, [name, Evidence(.role, entry.role.rawValue)])
        continue
      }
      hasPair = true
      let (apart, overflow) = signature.validity.notAfter.subtractingReportingOverflow(encryption.validity.notAfter)
      if signature.owner != encryption.owner || overflow || apart.magnitude > 86_400 {
        return Finding(
          .warning, .pairDiffers,
          [
            name, Evidence(.certificate, signature.owner, .name), Evidence(.notAfter, signature.validity.notAfterText),
            Evidence(.certificate, encryption.owner, .name), Evidence(.notAfter, encryption.validity.notAfterText),
          ])
      }
    }
    // A single certificate beside a complete pair is no lack.
    if let doubt, !hasPair { return doubt }
    return .ok(values.map { Evidence(.role, $0.role.rawValue) })
  }

  func checkValidity() -> Finding {
    let values = entries.filter { $0.certificate.value != nil && $0.role != .authority }
    let states = values.compactMap { place in
      place.certificate.value.map {
        (place, $0.validity, $0.validity.state(now: options.now, reminderDays: options.reminderDays))
      }
    }
    func facts(_ wanted: [Validity.State]) -> [Evidence] {
      states.filter { wanted.contains($0.2) }.flatMap { place, validity, _ in
        [
          Evidence(.role, place.role.rawValue), Evidence(.notBefore, validity.notBeforeText),
          Evidence(.notAfter, validity.notAfterText), Evidence(.daysLeft, String(validity.daysLeft(now: options.now))),
        ]
      } + [Evidence(.clockNow, LocalTime.text(options.now))]
    }
    let login = states.filter { $0.0.isForLogin }
    let judged = login.isEmpty ? states : login
    if !judged.contains(where: { $0.2 == .valid || $0.2 == .expiring }) {
      if judged.contains(where: { $0.2 == .expired }) { return Finding(.fault, .expired, facts([.expired])) }
      return Finding(.fault, .notYetValid, facts([.notYetValid]))
    }
    if states.contains(where: { $0.2 == .expired }) { return Finding(.warning, .expired, facts([.expired])) }
    if states.contains(where: { $0.2 == .notYetValid }) {
      return Finding(.warning, .notYetValid, facts([.notYetValid]))
    }
    if states.contains(where: { $0.2 == .expiring }) { return Finding(.warning, .expiring, facts([.expiring])) }
    return .ok(facts([.valid]))
  }

  func checkUsage() -> Finding {
    let login = entries.filter { $0.isForLogin && $0.certificate.value != nil }
    if login.isEmpty { return Finding(.skipped, .notNeeded) }
    let facts = login.flatMap { place in
      [
        Evidence(.role, place.role.rawValue),
        Evidence(.keyUsage, place.certificate.value?.keyUsage?.standardNames.joined(separator: ", ") ?? "-"),
      ]
    }
    return login.contains { $0.certificate.value?.maySign == true } ? .ok(facts) : Finding(.fault, .wrongUsage, facts)
  }

  // MARK: PIN

  func checkPIN() -> Finding {
    var facts: [Evidence] = []
    var worst: Cause?
    let order: [Cause] = [
      .pinBothLocked, .pinLocked, .pinLockedHere, .pinLastTry, .pinFewTries, .adminLocked, .pinDefault, .pinNotTold,
    ]
    func note(_ cause: Cause) {
      guard let new = order.firstIndex(of: cause) else { return }
      if let old = worst.flatMap({ order.firstIndex(of: $0) }), old <= new { return }
      worst = cause
    }
    // The PIN that a login asks for is that of the application with the certificates; another one locked keeps nobody out.
    let applications = snapshots.flatMap { snapshot in
      (snapshot.applications.value ?? []).map { (application: $0, traits: snapshot.family.traits) }
    }
    let login = applications.filter { place in
      (place.application.containers.value ?? []).contains { $0.entries.contains { $0.certificate.value != nil } }
    }
    for (application, traits) in login.isEmpty ? applications : login {
      facts.append(Evidence(.application, application.name.text, .text))
      guard let status = application.userPIN.value else {
        note(.pinNotTold)
        continue
      }
      if let left = status.triesLeft { facts.append(Evidence(.triesLeft, String(left))) }
      if let most = status.triesMax { facts.append(Evidence(.triesMax, String(most))) }
      if let known = status.isDefault { facts.append(Evidence(.defaultPIN, known ? "yes" : "no")) }
      if status.isLocked || status.triesLeft == 0 {
        note(traits.unlocksRemotely ? .pinLocked : .pinLockedHere)
      } else if status.isLow, let left = status.triesLeft {
        note(left == 1 ? .pinLastTry : .pinFewTries)
      } else if status.triesLeft == nil {
        note(.pinNotTold)
      }
      if status.isDefault == true { note(.pinDefault) }
      // Who is locked out and has nobody to unlock needs another way than who is only locked out.
      if let admin = application.adminPIN.value, admin.isLocked || admin.triesLeft == 0 {
        note(status.isLocked || status.triesLeft == 0 ? .pinBothLocked : .adminLocked)
      }
    }
    switch worst {
    case nil: return .ok(facts)
    case .pinLocked, .pinLockedHere, .pinBothLocked: return Finding(.fault, worst, facts)
    // Nothing could be looked at that would let it be known: the key keeps it to itself.
    case .pinNotTold: return Finding(.skipped, .pinNotTold, facts)
    case .some(let cause): return Finding(.warning, cause, facts)
    }
  }
}
