import DiagnosisKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The screen 驱动诊断: the chain as far as it is walked.
struct DiagnosisScreen: ScreenModel {
  enum Phase: Sendable {
    case list
    /// The report as it will be saved, scrolled.
    case preview(lines: [String], Scroll)
    /// Asks where it goes.
    case destination(TextField)
    /// The command is shown; a yes runs it.
    case repair(Fix)
    case repairing
  }

  /// Tells this walk from the one before: what a cancelled one still says is dropped.
  var walk = 1
  var started: Set<CheckID> = []
  var found: [CheckID: Finding] = [:]
  var result: DiagnosisResult?
  var selection: CheckID = .limits
  /// The user moved: the selection then stays where it is put.
  var isMoved = false
  /// First link shown.
  var top = 0
  var phase = Phase.list
  /// The report is being written.
  var isSaving = false
  /// What the user complains of: asked first, answered whenever he likes; the walk does not wait for it.
  var symptom: Symptom?

  /// The links as they stand on the screen.
  var order: [CheckID] { symptom.order }

  var screen: Screen { .diagnosis(self) }
  let isCovering = true

  func draw(_ world: World, _ frame: inout Frame) { DiagnosisPicture(diagnosis: self, world: world).draw(&frame) }

  /// The first broken link as far as known, else the first that needs a look.
  var first: (id: CheckID, finding: Finding)? {
    let known = order.compactMap { id in found[id].map { (id, $0) } }
    // While it runs, only a broken link is certain.
    return result == nil
      ? known.first { $0.1.verdict == .fault } : Verdict.mostTelling(of: known) { $0.1.verdict }
  }

  var isRepairing: Bool { if case .repairing = phase { true } else { false } }

  // MARK: Answers

  static func reply(in answer: ScreenReply) -> DiagnosisReply? {
    if case .diagnosis(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: DiagnosisReply, _ world: inout World) -> Step {
    if case .saved = reply { isSaving = false }
    switch reply {
    case .walked(walk, let event):
      take(event)
      if case .ended = event {
        let fault = first.flatMap { $0.finding.verdict == .fault ? $0.id : nil }
        world.brokenLink = fault
      }
    case .walked: break
    case .saved(.success):
      phase = .list
      return Step(move: .stay, effects: Self.missed(reply, &world))
    case .saved(.failure): return Step(move: .stay, effects: Self.missed(reply, &world))
    case .repaired:
      phase = .list
      return Step(move: .stay, effects: Self.missed(reply, &world) + walkAgain())
    }
    return .stay
  }

  /// What was done is told, whether or not the screen is still there.
  static func missed(_ reply: DiagnosisReply, _ world: inout World) -> [Effect] {
    switch reply {
    case .walked: break
    case .saved(.success(let path)):
      world.say(Grade.ok.symbol + " " + world.words.exported(displaySafe(path)), .ok)
    case .saved(.failure(let failure)): world.say(Grade.error.symbol + " " + world.text(failure), .error)
    case .repaired(let status):
      let grade = status == 0 ? Grade.ok : .warning
      world.say(grade.symbol + " " + world.words.repaired(Int(status)), grade.style)
    }
    return []
  }

  private mutating func take(_ event: DiagnosisEvent) {
    switch event {
    case .started(let id): started.insert(id)
    case .found(let id, let finding): found[id] = finding
    case .ended(let result): self.result = result.ordered(by: symptom)
    }
    if !isMoved, let first { selection = first.id }
  }

  /// Walks the chain once more: asked for, or because a reader or key came or went.
  mutating func walkAgain() -> [Effect] {
    var fresh = DiagnosisScreen()
    fresh.walk = walk + 1
    (fresh.selection, fresh.isMoved, fresh.top, fresh.symptom) = (selection, isMoved, top, symptom)
    self = fresh
    return [.diagnose(walk: walk)]
  }

  /// Tells the chain in the order of a complaint.
  mutating func choose(_ symptom: Symptom?) {
    self.symptom = symptom
    result = result?.ordered(by: symptom)
    isMoved = false
    selection = first?.id ?? order.first ?? .limits
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [.diagnose(walk: walk)] }

  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    event.changesChain ? Step(move: .stay, effects: walkAgain()) : .stay
  }

  /// The selected link stays in sight.
  mutating func settle(_ world: inout World, over below: [KeyHint]) {
    let page = DiagnosisPicture(diagnosis: self, world: world).layout.list.height
    let index = order.firstIndex(of: selection) ?? 0
    if index < top { top = index }
    if index >= top + page { top = index - page + 1 }
    top = max(0, min(top, order.count - page))
  }

  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  /// Leaving the screen ends the walk.
  func closed() -> [Effect] { [.cancelDiagnosis] }
}

/// What happens around the diagnosis.
enum DiagnosisReply: Sendable {
  case walked(walk: Int, DiagnosisEvent)
  case saved(Result<String, Failure>)
  /// The repair command ended with this status.
  case repaired(Int32)
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
