import Base
import DiagnosisKit
import Failures
import TerminalKit
import Wording

extension DiagnosisScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case list, preview, destination, repair }

  enum Action: Hashable {
    case move(Motion)
    case choose(Symptom?)
    case checkAgain, previewReport, askDestination, saveReport, askRepair, repair
  }

  var mode: Mode {
    switch phase {
    case .list, .repairing: .list
    case .preview: .preview
    case .destination: .destination
    case .repair: .repair
    }
  }

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let own: [Binding<Action>] =
      switch mode {
      case .preview:
        [
          Binding("Enter s", [.enter, .character("s")], .askDestination, rank: 0) { $0.save },
          .back("Esc q", [.escape, .character("q")]),
        ] + Binding.movement(Action.move)
      case .destination:
        [Binding("Enter", [.enter], .saveReport, rank: 0) { $0.save }, .back()]
      case .repair:
        [
          Binding("y", [.character("y"), .character("Y")], .repair, rank: 0) { $0.repair },
          .back("Esc n", [.escape, .character("n"), .character("N")]),
        ]
      case .list:
        [
          .help("F1 ?", [.function(1), .character("?")], rank: 3),
          Binding("r", [.character("r")], .checkAgain, rank: 1) { $0.checkAgain },
          Binding("x", [.character("x")], .askRepair, rank: 4) { $0.repair },
          Binding("s", [.character("s")], .previewReport, rank: 2) { $0.report },
        ] + Symptom.allCases.map { Self.row($0, .choose($0)) } + [Self.row(nil, .choose(nil))]
          + Binding.movement(Action.move)
          + [.back("Esc q", [.escape, .character("q")], rank: 0), .quit()]
      }
    return own + Binding.common
  }

  /// `1` to `4` for the complaints, `0` for none.
  private static func row(_ symptom: Symptom?, _ action: Action) -> Binding<Action> {
    let place = symptom.flatMap { Symptom.allCases.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    let digit = Unicode.Scalar(UInt8(0x30 + place))
    return Binding(String(digit), [.character(digit)], action) {
      symptom?.words($0.language).title ?? DiagnosisPhrases[$0.language].wholeChain
    }
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move, .choose, .checkAgain, .askDestination, .saveReport, .repair: return .available
    case .previewReport: return result == nil ? .unavailable(world.words.stillChecking) : .available
    case .askRepair:
      guard let fix = found[selection]?.fix else { return .unavailable(world.words.nothingToRepair) }
      if isRepairing { return .unavailable(world.words.stillChecking) }
      return fix.needsRoot && !world.isRoot ? .unavailable(world.words.needsAdministrator) : .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion): move(motion, &world)
    case .choose(let symptom):
      choose(symptom)
      settle(&world, over: [])
    case .checkAgain: return Step(move: .stay, effects: walkAgain())
    case .previewReport:
      guard let result else { return .stay }
      let width = max(20, world.size.width - 4)
      let lines = DiagnosisText(world.language).document(DiagnosisDocument(result, full: false))
        .split(separator: "\n", omittingEmptySubsequences: false)
        // Shown as it will be saved: what is too long for the screen is folded, not cut.
        .flatMap { $0.isEmpty ? [""] : wrap(String($0), width) }
      phase = .preview(lines: lines, Scroll())
    case .askDestination:
      guard let result else { return .stay }
      // In the home, not wherever the program was started; by the time, so that none is in the way of another.
      phase = .destination(TextField("~/ukey-report-\(result.time).html"))
    case .saveReport:
      guard let result, case .destination(let field) = phase, !field.text.isEmpty else { return .stay }
      isSaving = true
      return .ask(.saveReport(DiagnosisDocument(result, full: false), world.language, path: field.text))
    case .askRepair:
      guard let fix = found[selection]?.fix else { return .stay }
      phase = .repair(fix)
    case .repair:
      guard case .repair(let fix) = phase else { return .stay }
      phase = .repairing
      return .ask(.repair(fix))
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    guard case .destination(var field) = phase, field.handle(key) else { return .stay }
    phase = .destination(field)
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, &world) }
    let list = DiagnosisPicture(diagnosis: self, world: world).layout.list
    if mouse.button == .left, case .list = phase, list.contains(Point(x: mouse.x, y: mouse.y)) {
      let row = top + mouse.y - list.y
      if order.indices.contains(row) {
        selection = order[row]
        isMoved = true
      }
    }
    return .stay
  }

  /// One level a press.
  mutating func goBack(_ world: inout World) -> Step {
    switch phase {
    case .list, .repairing: return .pop
    case .preview, .destination, .repair:
      phase = .list
      return .stay
    }
  }

  private mutating func move(_ motion: Motion, _ world: inout World) {
    if case .preview(let lines, var scroll) = phase {
      scroll.move(motion, page: max(1, world.size.height - 4), count: lines.count)
      phase = .preview(lines: lines, scroll)
      return
    }
    let page = DiagnosisPicture(diagnosis: self, world: world).layout.list.height
    let all = order
    let old = all.firstIndex(of: selection) ?? 0
    let new: Int =
      switch motion {
      case .up: old - 1
      case .down: old + 1
      case .pageUp: old - max(1, page - 1)
      case .pageDown: old + max(1, page - 1)
      case .first: 0
      case .last: all.count - 1
      }
    selection = all[min(all.count - 1, max(0, new))]
    isMoved = true
    settle(&world, over: [])
  }
}
