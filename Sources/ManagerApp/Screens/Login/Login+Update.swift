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
    guard loginKey(snapshot) != nil else { return .unavailable(loginWords.noCertificate) }
    return snapshot.profile == nil ? .unavailable(loginWords.noProfile) : .available
  }

  /// The private key of the selected certificate; of an encryption certificate, of the signature certificate beside it;
  /// of a key, of its main one.
  private func loginKey(_ snapshot: TokenSnapshot) -> SigningKey? {
    let serial = snapshot.device.serial.value
    if let view = selectedEntry {
      let (application, container) = (view.application.name, view.container.name)
      let isForLogin = view.entry.role == .signature || view.entry.role == .authentication
      if isForLogin, let certificate = view.entry.certificate.value {
        return SigningKey(
          application: application, container: container, certificate: certificate, keySerial: serial)
      }
      if case .entry = selection {
        return LoginSelfTest.signingKey(in: snapshot, application: application, container: container)
      }
    }
    return LoginSelfTest.signingKey(in: snapshot)
  }

  mutating func openLogin() -> [Effect] {
    guard let snapshot = selectedSlot?.snapshot, let key = loginKey(snapshot) else { return [] }
    let role = snapshot.entries.first {
      $0.application.name == key.application && $0.container.name == key.container
        && $0.entry.certificate.value == key.certificate
    }?.entry.role
    let title = [role.map(words.role), displaySafe(key.certificate.owner)].compactMap { $0 }.joined(separator: " · ")
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
