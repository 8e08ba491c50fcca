package import DiagnosisKit
package import Failures
package import Wording

/// The diagnosis as the manager uses it: made anew for each walk.
package struct DiagnosisService: Sendable {
  var make: @Sendable () -> Diagnosis
  /// Writes the report's two forms (JSON and page) by this name, and gives what was written or why not.
  var save: @Sendable (DiagnosisDocument, Language, _ path: String) -> Result<String, Failure>
  var repair: @Sendable (Fix) -> Int32
  var isRoot: Bool

  package init(
    make: @escaping @Sendable () -> Diagnosis,
    save: @escaping @Sendable (DiagnosisDocument, Language, String) -> Result<String, Failure>,
    repair: @escaping @Sendable (Fix) -> Int32, isRoot: Bool
  ) {
    self.make = make
    self.save = save
    self.repair = repair
    self.isRoot = isRoot
  }
}
