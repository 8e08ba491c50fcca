package import DiagnosisKit
package import Failures
import TerminalKit
package import Wording

/// The screen 驱动诊断: the chain as far as it is walked.
struct DiagnosisState: Sendable {
  enum Phase: Sendable {
    case list
    /// The report as it will be saved, scrolled.
    case preview(lines: [String], Scroll)
    /// The command is shown; a yes runs it.
    case repair(Fix)
    case repairing
  }

  /// Tells this walk from the one before: what a cancelled one still says is dropped.
  var generation: Int
  var started: Set<CheckID> = []
  var found: [CheckID: Finding] = [:]
  var result: DiagnosisResult?
  var selection: CheckID = .locale
  /// The user moved: the selection then stays where it is put.
  var isMoved = false
  var top = 0
  var phase = Phase.list

  init(generation: Int) { self.generation = generation }

  /// The first broken link as far as known; at the end also the first that is not known or needs a look.
  var first: (id: CheckID, finding: Finding)? {
    let known = CheckID.allCases.compactMap { id in found[id].map { (id, $0) } }
    return result == nil
      ? known.first { $0.1.verdict == .fault } : Verdict.mostTelling(of: known) { $0.1.verdict }
  }

  var screen: Screen {
    switch phase {
    case .list, .repairing: .diagnosis
    case .preview: .diagnosisPreview
    case .repair: .diagnosisRepair
    }
  }

  var isRepairing: Bool { if case .repairing = phase { true } else { false } }

  mutating func take(_ event: DiagnosisEvent) {
    switch event {
    case .started(let id): started.insert(id)
    case .found(let id, let finding): found[id] = finding
    case .ended(let result): self.result = result
    }
    if !isMoved, let first { selection = first.id }
  }

  mutating func move(_ action: Action, page: Int) {
    let all = CheckID.allCases
    let old = all.firstIndex(of: selection) ?? 0
    let new: Int
    switch action {
    case .up: new = old - 1
    case .down: new = old + 1
    case .pageUp: new = old - max(1, page - 1)
    case .pageDown: new = old + max(1, page - 1)
    case .last: new = all.count - 1
    default: new = 0
    }
    selection = all[min(all.count - 1, max(0, new))]
    isMoved = true
  }
}

extension Verdict {
  var style: Style {
    switch self {
    case .ok: .ok
    case .warning: .warning
    case .fault: .error
    case .unknown, .skipped: .dim
    }
  }
}

/// The diagnosis as the manager uses it: made anew for each walk.
package struct DiagnosisService: Sendable {
  var make: @Sendable () -> Diagnosis
  /// Writes the report's two forms (JSON and page), and gives their common name or why not.
  var save: @Sendable (DiagnosisDocument, Language) -> Result<String, Failure>
  var repair: @Sendable (Fix) -> Int32
  var isRoot: Bool

  package init(
    make: @escaping @Sendable () -> Diagnosis,
    save: @escaping @Sendable (DiagnosisDocument, Language) -> Result<String, Failure>,
    repair: @escaping @Sendable (Fix) -> Int32, isRoot: Bool
  ) {
    self.make = make
    self.save = save
    self.repair = repair
    self.isRoot = isRoot
  }
}
