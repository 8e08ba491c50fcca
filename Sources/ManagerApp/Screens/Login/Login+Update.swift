import CertificateKit
import DiagnosisKit
import Failures
import TerminalKit
import TokenKit
import Wording

extension State {
  var loginWords: LoginWords { _read { yield LoginWords[language] } }

  /// Why F5 cannot be used now.
  func loginAvailability() -> Availability {
    guard let slot = selectedSlot, !slot.isEmpty else { return .unavailable(words.noKeySelected) }
    guard let snapshot = slot.snapshot else {
      if case .failed = slot.card { return .unavailable(words.cannotRead) }
      return .unavailable(pinWords.stillReading)
    }
    guard snapshot.isComplete else { return .unavailable(pinWords.stillReading) }
    guard loginCertificate(snapshot) != nil else { return .unavailable(loginWords.noCertificate) }
    return snapshot.profile == nil ? .unavailable(loginWords.noProfile) : .available
  }

  /// The selected certificate, where it logs in; of an encryption certificate, the signature certificate beside it; of a
  /// key, the one that logs in.
  private func loginCertificate(_ snapshot: TokenSnapshot) -> CertificatePlace? {
    guard case .entry = selection, let place = selectedEntry else { return snapshot.loginCertificate() }
    if place.signingKey != nil { return place }
    return snapshot.loginCertificate(application: place.application.name, container: place.container.name)
  }

  mutating func openLogin() -> [Effect] {
    guard let snapshot = selectedSlot?.snapshot, let place = loginCertificate(snapshot), let key = place.signingKey
    else { return [] }
    let title = words.role(place.role) + " · " + displaySafe(key.certificate.owner)
    let test = LoginSelfTest(key: key, now: now, reminderDays: reminderDays)
    let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
    return openPINScreen(of: snapshot, reference, hasAdmin: false, login: LoginProgress(test: test, title: title))
  }

  /// A link was begun or found.
  mutating func take(_ query: PINQuery, _ event: LoginEvent) {
    changePINScreen { pin in
      if pin.query == query, pin.isRunning { pin.login?.take(event) }
    }
  }

  mutating func take(_ query: PINQuery, _ trial: LoginTrial) -> [Effect] {
    if let pin = pinScreen, pin.query == query, pin.login != nil, pin.isRunning || pin.isSlow {
      changePINScreen { $0.end(trial) }
    } else {
      let (text, style) = verdict(trial)
      say(text, style)
    }
    return slot(query.source)?.isEmpty == false ? [.reread(query.source)] : []
  }

  /// The outcome in one line.
  func verdict(_ trial: LoginTrial) -> (text: String, style: Style) {
    guard let (step, finding) = trial.first else {
      return (Verdict.ok.symbol + " " + DiagnosisPhrases[language].loginPassed, .ok)
    }
    return (finding.verdict.symbol + " " + loginWords.brokenAt(step.title(language)), finding.verdict.style)
  }
}

extension PINScreenState {
  mutating func end(_ trial: LoginTrial) {
    login?.end(trial)
    phase = .tried
  }
}
