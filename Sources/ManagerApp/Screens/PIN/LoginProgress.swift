import DiagnosisKit
import TokenKit

/// What the screen 登录自检 has beyond that of a PIN: with which certificate, and how far the login has been tried.
struct LoginProgress: Sendable {
  var subject: LoginSubject
  /// Whose certificate, and which: `签名证书 · 深圳市示例…`; that it is not known yet, where the key hides it.
  var title: String
  /// Links found so far, the last one possibly broken.
  var found: [LoginStep: Finding] = [:]
  var current: LoginStep?
  /// Once it has ended.
  var trial: LoginTrial?
  /// The key service was told to start, and has not come yet.
  var isServiceStarting = false

  mutating func take(_ event: LoginEvent) {
    switch event {
    case .started(let step): current = step
    case .found(let step, let finding):
      found[step] = finding
      if current == step { current = nil }
    }
  }

  mutating func restart(now: Int64) {
    (found, current, trial, isServiceStarting) = ([:], nil, nil, false)
    subject.restart(now: now)
  }

  mutating func end(_ trial: LoginTrial) {
    self.trial = trial
    current = nil
    for (step, finding) in trial.steps { found[step] = finding }
  }
}
