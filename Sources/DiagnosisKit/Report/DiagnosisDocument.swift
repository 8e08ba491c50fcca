internal import Base
import CertificateKit
import Failures

/// A diagnosis as it is shown and handed on: plain values, so that one read from a customer's file and one made here are
/// shown by the same code. Ids that this version does not know are kept and shown as they are.
package struct DiagnosisDocument: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// Raw value of ``CheckID``.
    package var id: String
    package var verdict: Verdict
    /// Raw value of ``Cause``.
    package var cause: String?
    /// Raw value of the link because of which this one was skipped.
    package var because: String?
    package var evidence: [Item]
    package var fix: String?
    package var fixNeedsRoot: Bool
    package var microseconds: Int
    /// The links inside this one; ids are raw values of ``LoginStep``.
    package var steps: [Row] = []
  }

  package struct Item: Sendable, Equatable {
    /// Raw value of ``Fact``.
    package var fact: String
    package var value: String

    package init(fact: String, value: String) {
      self.fact = fact
      self.value = value
    }
  }

  package var rows: [Row]
  package var microseconds: Int
  package var isDemo: Bool
  package var isRedacted: Bool
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  package var programVersion: String
  /// Raw value of ``Symptom``: what the user complains of.
  package var symptom: String?

  /// - Parameter full: keeps names, codes and serials; otherwise they are shortened.
  package init(_ result: DiagnosisResult, full: Bool) {
    let redactor = full ? nil : Redactor(result)
    rows = result.findings.map { id, finding in
      var row = Row(id, finding)
      if let redactor { redactor.clean(&row, finding) }
      return row
    }
    microseconds = result.microseconds
    isDemo = result.isDemo
    isRedacted = !full
    time = result.time
    programVersion = result.programVersion
    symptom = result.symptom?.rawValue
  }

  init(
    rows: [Row], microseconds: Int, isDemo: Bool, isRedacted: Bool, time: Int64, programVersion: String,
    symptom: String?
  ) {
    self.rows = rows
    self.microseconds = microseconds
    self.isDemo = isDemo
    self.isRedacted = isRedacted
    self.time = time
    self.programVersion = programVersion
    self.symptom = symptom
  }

  /// The first broken link, else the first that is not known, else the first that needs a look.
  package var first: Row? { Verdict.mostTelling(of: rows, verdict: \.verdict) }

  /// All that a conclusion names, most telling first.
  package var telling: [Row] { Verdict.telling.flatMap { verdict in rows.filter { $0.verdict == verdict } } }

  /// The most telling link among those that the complaint hangs on. `nil`: they all hold, or nothing is complained of.
  package var firstOfSymptom: Row? {
    guard let links = symptom.flatMap(Symptom.init(rawValue:))?.links.map(\.rawValue) else { return nil }
    return Verdict.mostTelling(of: rows.filter { links.contains($0.id) }, verdict: \.verdict)
  }

  /// Whether links that the complaint hangs on were not looked at, though they concern this machine: behind another one,
  /// switched off, not there in the demonstration. What is only done when asked for does not count.
  package var symptomIsHidden: Bool {
    let links = symptom.flatMap(Symptom.init(rawValue:))?.links.filter { $0 != .pageCalls && $0 != .login } ?? []
    let ids = Set(links.map(\.rawValue))
    let unseen = [Cause.switchedOff, .notNeededDemo].map(\.rawValue)
    return rows.contains { row in
      ids.contains(row.id) && row.verdict == .skipped && (row.because != nil || row.cause.map(unseen.contains) == true)
    }
  }

  /// Links of which nothing is known: not looked at, or behind such a one.
  package var unknown: [Row] {
    let own = rows.filter { $0.verdict == .unknown }
    let ids = Set(own.map(\.id))
    return rows.filter { row in row.verdict == .unknown || (row.because.map { ids.contains($0) } ?? false) }
  }

  package var timeText: String { LocalTime.text(time) }
}

extension DiagnosisDocument.Row {
  /// A finding as it is, nothing shortened: for the screen.
  package init(_ id: CheckID, _ finding: Finding) {
    self.init(id: id.rawValue, finding)
    steps = finding.steps.map { Self(id: $0.step.rawValue, $0.finding) }
  }

  private init(id: String, _ finding: Finding) {
    self.init(
      id: id, verdict: finding.verdict, cause: finding.cause?.rawValue, because: finding.because?.rawValue,
      evidence: finding.evidence.map { DiagnosisDocument.Item(fact: $0.fact.rawValue, value: $0.value) },
      fix: finding.fix?.command, fixNeedsRoot: finding.fix?.needsRoot ?? false, microseconds: finding.microseconds)
  }

  /// Section of `Docs/diagnosis.md`.
  package var section: String? {
    guard let cause, verdict != .skipped, Cause(rawValue: cause) != nil else { return nil }
    return "Docs/diagnosis.md#" + cause
  }
}
