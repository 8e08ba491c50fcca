/// A finished diagnosis.
package struct DiagnosisResult: Sendable {
  /// In the order of the chain, or of the complaint.
  package private(set) var findings: [(id: CheckID, finding: Finding)]
  package var microseconds: Int
  package var isDemo: Bool
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  package var programVersion: String
  /// What the user complains of.
  package private(set) var symptom: Symptom?
  /// Names of the account and of the computer, which a redacted report does not tell.
  let personal: [String]
  /// See ``DiagnosisOptions/publicPlatform``.
  let publicPlatform: Endpoint?

  init(findings: [CheckID: Finding], only: CheckID?, options: DiagnosisOptions, microseconds: Int) {
    symptom = options.symptom
    // What a link merely looks back at was walked for it, and was not asked about; unless it is what keeps that link from
    // being looked at.
    let asked = only.map { id in
      Diagnosis.closure(of: id) { link in link.needs + [findings[link]?.because].compactMap { $0 } }
    }
    self.findings = symptom.order.compactMap { id in
      guard asked?.contains(id) ?? true, var finding = findings[id] else { return nil }
      // Asked for by name and left out by the other options: nothing is known of it, and that is no "well".
      if id == only, finding.verdict == .skipped, finding.cause == .switchedOff { finding.verdict = .unknown }
      return (id, finding)
    }
    personal = PersonalNames.all(options.environment)
    publicPlatform = options.publicPlatform
    self.microseconds = microseconds
    isDemo = options.isDemo
    time = options.now
    programVersion = options.programVersion
  }

  /// The first broken link; with none broken the first that is not known, then the first that needs a look; `nil` when
  /// all is well.
  package var first: (id: CheckID, finding: Finding)? { Verdict.mostTelling(of: findings) { $0.finding.verdict } }

  /// All that a conclusion names, most telling first.
  package var telling: [(id: CheckID, finding: Finding)] {
    Verdict.telling.flatMap { verdict in findings.filter { $0.finding.verdict == verdict } }
  }

  /// The same, told in the order of another complaint.
  package func ordered(by symptom: Symptom?) -> DiagnosisResult {
    var copy = self
    copy.symptom = symptom
    copy.findings = symptom.order.compactMap { id in self[id].map { (id, $0) } }
    return copy
  }

  package subscript(_ id: CheckID) -> Finding? { findings.first { $0.id == id }?.finding }
}
