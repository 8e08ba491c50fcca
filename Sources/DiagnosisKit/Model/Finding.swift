package import Failures

/// What became of one link of the chain.
package enum Verdict: String, Sendable, CaseIterable {
  case ok
  /// It works, but should be looked at.
  case warning
  /// The link is broken.
  case fault
  /// It could not be found out.
  case unknown
  /// Not looked at: a link before it is broken, or it does not concern this machine.
  case skipped
}

extension Verdict {
  /// What a conclusion names, in this order. What is not known comes before what works: a chain with an unknown link is
  /// not known to be whole.
  package static let telling: [Verdict] = [.fault, .unknown, .warning]

  /// The one that a conclusion names first. `nil`: all is well.
  package static func mostTelling<Items: Sequence>(
    of items: Items, verdict: (Items.Element) -> Verdict
  ) -> Items.Element? {
    for wanted in telling {
      if let found = items.first(where: { verdict($0) == wanted }) { return found }
    }
    return nil
  }
}

/// How much a value tells about a person or a company: decides what a redacted report keeps of it.
package enum Privacy: String, Sendable {
  case open
  /// Name of a person, company, computer or account.
  case name
  /// 统一社会信用代码 or another official number.
  case code
  /// Serial number of a key or certificate.
  case serial
  /// Address or name of a computer.
  case host
  /// Address of the network.
  case address
  /// A file or folder.
  case path
  /// May contain any of these: text as a program, card or file gave it.
  case text
}

/// A fact that a verdict rests on.
package struct Evidence: Sendable, Equatable {
  package var fact: Fact
  package var value: String
  package var privacy: Privacy

  package init(_ fact: Fact, _ value: String, _ privacy: Privacy = .open) {
    self.fact = fact
    self.value = value
    self.privacy = privacy
  }
}

/// The finding of one link.
package struct Finding: Sendable, Equatable {
  package var verdict: Verdict
  /// What it is called and what to do; `nil` for ``Verdict/ok`` and for a link skipped because of another.
  package var cause: Cause?
  /// The link because of which this one was skipped.
  package var because: CheckID?
  package var evidence: [Evidence]
  package var fix: Fix?
  /// The failure as the code below gave it.
  package var failure: Failure?
  /// The links inside this one: those of the login self-test.
  package var steps: [LoginLink] = []
  /// Microseconds it took.
  package var microseconds: Int = 0

  package init(
    _ verdict: Verdict, _ cause: Cause? = nil, _ evidence: [Evidence] = [], fix: Fix? = nil, failure: Failure? = nil
  ) {
    self.verdict = verdict
    self.cause = cause
    self.evidence = evidence
    self.fix = fix
    self.failure = failure
  }

  static func ok(_ evidence: [Evidence] = []) -> Finding { Finding(.ok, nil, evidence) }

  static func skipped(because: CheckID) -> Finding {
    var finding = Finding(.skipped)
    finding.because = because
    return finding
  }

  /// Whether a link that needs this one can be looked at.
  package var holds: Bool { verdict == .ok || verdict == .warning }
}

/// A repair that is safe to offer: one shell command, shown as it is, run only after a yes.
package struct Fix: Sendable, Equatable {
  /// The exact line for `/bin/sh`.
  package var command: String
  /// Needs root; without it the line is for the administrator.
  package var needsRoot: Bool

  package init(_ command: String, needsRoot: Bool) {
    self.command = command
    self.needsRoot = needsRoot
  }
}

/// A word of a path or id in a shell command, in single quotes when it needs them.
package func shellWord(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
      || [0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0x40, 0x2B].contains(byte)
  }
  if plain, !text.isEmpty { return text }
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
