internal import Base
package import DiagnosisKit
package import Failures
import TerminalKit
import TokenKit
import Wording

/// What happens around the diagnosis.
package enum DiagnosisNews: Sendable {
  case walked(generation: Int, DiagnosisEvent)
  case saved(Result<String, Failure>)
  /// The repair command ended with this status.
  case repaired(Int32)
}

extension State {
  var diagnosisIndex: Int? { overlays.lastIndex { if case .diagnosis = $0 { true } else { false } } }

  var diagnosis: DiagnosisState? {
    if let index = diagnosisIndex, case .diagnosis(let state) = overlays[index] { state } else { nil }
  }

  mutating func changeDiagnosis(_ body: (inout DiagnosisState) -> Void) {
    guard let index = diagnosisIndex, case .diagnosis(var state) = overlays[index] else { return }
    body(&state)
    keepInSight(&state)
    overlays[index] = .diagnosis(state)
  }

  private func keepInSight(_ state: inout DiagnosisState) {
    let page = DiagnosisLayout(self, state).list.height
    let index = CheckID.allCases.firstIndex(of: state.selection) ?? 0
    if index < state.top { state.top = index }
    if index >= state.top + page { state.top = index - page + 1 }
    state.top = max(0, min(state.top, CheckID.allCases.count - page))
  }

  /// Opens the screen and begins to walk the chain.
  mutating func openDiagnosis() -> [Effect] {
    diagnosisGeneration += 1
    overlays.append(.diagnosis(DiagnosisState(generation: diagnosisGeneration)))
    return [.diagnose(generation: diagnosisGeneration)]
  }

  /// Walks it once more: asked for, or because a reader or key came or went.
  mutating func diagnoseAgain() -> [Effect] {
    guard let old = diagnosis else { return [] }
    diagnosisGeneration += 1
    let generation = diagnosisGeneration
    changeDiagnosis { state in
      var fresh = DiagnosisState(generation: generation)
      (fresh.selection, fresh.isMoved, fresh.top) = (old.selection, old.isMoved, old.top)
      state = fresh
    }
    return [.diagnose(generation: generation)]
  }

  mutating func take(_ news: DiagnosisNews) -> [Effect] {
    switch news {
    case .walked(let generation, let event):
      changeDiagnosis { if $0.generation == generation { $0.take(event) } }
    case .saved(.success(let path)):
      changeDiagnosis { $0.phase = .list }
      say(Grade.ok.symbol + " " + words.exported(displaySafe(path)), .ok)
    case .saved(.failure(let failure)): say(Grade.error.symbol + " " + text(failure), .error)
    case .repaired(let status):
      changeDiagnosis { $0.phase = .list }
      say(
        (status == 0 ? Grade.ok.symbol : Grade.warning.symbol) + " " + words.repaired(Int(status)),
        status == 0 ? .ok : .warning)
      return diagnoseAgain()
    }
    return []
  }

  // MARK: Keys

  mutating func previewReport() {
    guard let result = diagnosis?.result else { return }
    let lines = DiagnosisText(language).document(DiagnosisDocument(result, full: false))
      .split(separator: "\n", omittingEmptySubsequences: false)
      // Shown as it will be saved: what is too long for the screen is folded, not cut.
      .flatMap { $0.isEmpty ? [""] : wrap(String($0), max(20, size.width - 4)) }
    changeDiagnosis { $0.phase = .preview(lines: lines, Scroll()) }
  }

  mutating func saveReport() -> [Effect] {
    guard let result = diagnosis?.result else { return [] }
    return [.saveReport(DiagnosisDocument(result, full: false), language)]
  }

  mutating func askRepair() {
    guard let state = diagnosis, let fix = state.found[state.selection]?.fix else { return }
    changeDiagnosis { $0.phase = .repair(fix) }
  }

  mutating func repair() -> [Effect] {
    guard case .repair(let fix) = diagnosis?.phase else { return [] }
    changeDiagnosis { $0.phase = .repairing }
    return [.repair(fix)]
  }

  /// One level a press; leaving the screen ends the walk.
  mutating func leaveDiagnosis() -> [Effect] {
    guard let state = diagnosis else { return [] }
    switch state.phase {
    case .list, .repairing:
      if let index = diagnosisIndex { overlays.remove(at: index) }
      return [.cancelDiagnosis]
    case .preview, .repair:
      changeDiagnosis { $0.phase = .list }
      return []
    }
  }

  mutating func moveDiagnosis(_ action: Action) {
    let page = diagnosis.map { DiagnosisLayout(self, $0).list.height } ?? 1
    let height = max(1, size.height - 4)
    changeDiagnosis { state in
      if case .preview(let lines, var scroll) = state.phase {
        scroll.move(action, page: height, count: lines.count)
        state.phase = .preview(lines: lines, scroll)
      } else {
        state.move(action, page: page)
      }
    }
  }

  func diagnosisAvailability(_ action: Action) -> Availability {
    switch action {
    case .previewReport: diagnosis?.result == nil ? .unavailable(words.stillChecking) : .available
    case .askRepair:
      if let state = diagnosis, let fix = state.found[state.selection]?.fix {
        if state.isRepairing {
          .unavailable(words.stillChecking)
        } else {
          fix.needsRoot && !isRoot ? .unavailable(words.needsAdministrator) : .available
        }
      } else {
        .unavailable(words.nothingToRepair)
      }
    default: .available
    }
  }
}

extension Screen {
  var diagnosisBindings: [Binding] {
    switch self {
    case .diagnosisPreview:
      [
        Binding("Enter s", [.enter, .character("s")], .saveReport, rank: 0) { $0.save },
        Binding("Esc q", [.escape, .character("q")], .back, rank: 1) { $0.back },
      ] + Screen.movement + Screen.common
    case .diagnosisRepair:
      [
        Binding("y", [.character("y"), .character("Y")], .repair, rank: 0) { $0.repair },
        Binding("Esc n", [.escape, .character("n"), .character("N")], .back, rank: 1) { $0.back },
      ] + Screen.common
    default:
      [
        Binding("F1 ?", [.function(1), .character("?")], .help, rank: 3) { $0.help },
        Binding("r", [.character("r")], .checkAgain, rank: 1) { $0.checkAgain },
        Binding("x", [.character("x")], .askRepair, rank: 4) { $0.repair },
        Binding("s", [.character("s")], .previewReport, rank: 2) { $0.report },
      ] + Screen.movement + [
        Binding("Esc q", [.escape, .character("q")], .back, rank: 0) { $0.back },
        Binding("F10", [.function(10)], .quit) { $0.quit },
      ] + Screen.common
    }
  }
}

extension KeyEvent {
  /// Something came or went: what the diagnosis found is out of date.
  var changesChain: Bool {
    switch self {
    case .readerAdded, .readerRemoved, .inserted, .removed, .unreached: true
    case .service(let state): state != .starting
    case .read, .sameKey, .failed: false
    }
  }
}
