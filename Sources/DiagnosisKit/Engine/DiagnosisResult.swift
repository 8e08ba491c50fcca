/// A finished diagnosis.
package struct DiagnosisResult: Sendable {
  /// In the order of the chain.
  package var findings: [(id: CheckID, finding: Finding)]
  package var microseconds: Int
  package var isDemo: Bool
  /// Seconds since 1970-01-01 UTC.
  package var time: Int64
  package var programVersion: String

  init(findings: [CheckID: Finding], only: CheckID?, options: DiagnosisOptions, microseconds: Int) {
    self.findings = CheckID.allCases.compactMap { id in findings[id].map { (id, $0) } }
    self.microseconds = microseconds
    isDemo = options.isDemo
    time = options.now
    programVersion = options.programVersion
  }

  /// The first broken link; with none broken the first that is not known, then the first that needs a look; `nil` when
  /// all is well.
  package var first: (id: CheckID, finding: Finding)? { Verdict.mostTelling(of: findings) { $0.finding.verdict } }

  package subscript(_ id: CheckID) -> Finding? { findings.first { $0.id == id }?.finding }
}
