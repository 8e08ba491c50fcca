package import TokenKit

/// One link of a login as it is tried here, in the order in which it is tried. The raw value is stable: it stands in
/// reports.
package enum LoginStep: String, Sendable, CaseIterable {
  /// The key is reached, and is the one that was shown.
  case key = "login.key"
  /// The certificate is on the key and is the one that was shown.
  case certificate = "login.certificate"
  /// By the clock of this computer.
  case validity = "login.validity"
  /// The certificate may sign.
  case usage = "login.usage"
  case pin = "login.pin"
  /// The key signs a fresh challenge.
  case signature = "login.sign"
  /// The certificate verifies the signature.
  case verification = "login.verify"

  /// Needs no PIN; looked at before it is asked.
  package static let beforePIN: [LoginStep] = [.key, .certificate, .validity, .usage]
}

/// What a running self-test tells, in the order in which it happens.
package enum LoginEvent: Sendable, Equatable {
  case started(LoginStep)
  case found(LoginStep, Finding)
}

/// A login as far as it was tried: the findings up to the first broken link.
package struct LoginTrial: Sendable, Equatable {
  package private(set) var findings: [LoginStep: Finding] = [:]
  /// What became of the PIN; `nil` when it was not sent because a link before it is broken.
  package internal(set) var outcome: PINOutcome?

  package init() {}

  package mutating func set(_ step: LoginStep, _ finding: Finding) { findings[step] = finding }

  /// The links tried, in order.
  package var steps: [(step: LoginStep, finding: Finding)] {
    LoginStep.allCases.compactMap { step in findings[step].map { (step, $0) } }
  }

  /// The first broken link, or the one where it is not known.
  package var first: (step: LoginStep, finding: Finding)? { steps.first { !$0.finding.holds } }

  /// The self-test as one link of the diagnosis: its first broken link, with all of them beside it.
  package var finding: Finding {
    var result = first?.finding ?? .ok(findings[.verification]?.evidence ?? [])
    result.steps = steps.map { LoginLink(step: $0.step, finding: $0.finding) }
    return result
  }
}

/// A link of the self-test inside the finding of the diagnosis.
package struct LoginLink: Sendable, Equatable {
  package var step: LoginStep
  package var finding: Finding
}
