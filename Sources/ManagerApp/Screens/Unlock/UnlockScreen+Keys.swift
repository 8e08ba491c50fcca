import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

extension UnlockScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case fields, review, busy, waiting, confirm, done }

  enum Action: Hashable { case submit, nextField, previousField }

  var mode: Mode {
    switch phase {
    case .editing: .fields
    case .review: .review
    case .making, .applying: .busy
    case .waiting: made?.session == nil ? .done : .waiting
    case .confirm: .confirm
    case .ended, .closed: .done
    }
  }

  /// No letter and no digit: those belong to the fields.
  func bindings(_ mode: Mode) -> [Binding<Action>] {
    func enter(_ word: @escaping @Sendable (Words) -> String) -> Binding<Action> {
      Binding("Enter", [.enter], .submit, rank: 0, word)
    }
    let own: [Binding<Action>] =
      switch mode {
      case .fields:
        [
          enter { $0.submit },
          Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
          Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
        ]
      case .waiting: [enter { $0.submit }]
      case .review, .confirm, .done: [enter { $0.confirm }]
      case .busy: []
      }
    return [.help(rank: 4)] + own + [.back(), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .submit, .nextField, .previousField: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .submit: return submit(&world)
    case .nextField: move(by: 1)
    case .previousField: move(by: -1)
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .editing: edit(key)
    case .waiting: if made?.session != nil { _ = response.handle(key) }
    case .confirm: _ = word.handle(key)
    case .review, .making, .applying, .ended, .closed: return .stay
    }
    failure = nil
    wasWarned = false
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step { .stay }

  /// One level a press; an open challenge is not given up by one press.
  mutating func goBack(_ world: inout World) -> Step {
    switch phase {
    case .review: phase = .editing
    case .confirm: phase = .waiting
    case .waiting where isOpen && !wasWarned:
      wasWarned = true
      world.say(Grade.warning.symbol + " " + UnlockWords[world.language].leaveWarning, .warning)
    case .editing, .making, .waiting, .applying, .ended, .closed: return .pop
    }
    return .stay
  }

  private mutating func edit(_ key: Key) {
    problems.removeAll { $0.field == focus.ruled }
    switch (focus, key) {
    case (.kind, .left), (.kind, .right), (.kind, .character(" ")):
      let all = UnlockKind.allCases
      let step = key == .left ? all.count - 1 : 1
      kind = all[((all.firstIndex(of: kind) ?? 0) + step) % all.count]
    case (.delivery, .left), (.delivery, .right), (.delivery, .character(" ")):
      delivery = delivery == .collect ? .post : .collect
    case (.remember, .left), (.remember, .right), (.remember, .character(" ")): remember.toggle()
    default:
      if focus.isChoice { return }
      _ = texts[focus]?.handle(key)
    }
  }

  private mutating func submit(_ world: inout World) -> Step {
    switch phase {
    case .editing:
      if check() { phase = .review }
      return .stay
    case .review:
      phase = .making
      failure = nil
      return .ask(
        .makeRequest(
          UnlockRequestJob(
            source: source, keySerial: keySerial, application: application.name, kind: kind,
            applicant: applicant.normalized, file: text(.file), remember: remember)))
    case .waiting:
      if made?.session == nil { return .pop }
      if !response.text.isEmpty { phase = .confirm }
      return .stay
    case .confirm: return sendResponse(&world)
    case .ended(.unblocked):
      // Straight on to a PIN of the holder's own.
      return PINScreen.change(snapshot, world).map { .replace($0) } ?? .pop
    case .ended, .closed: return .pop
    case .making, .applying: return .stay
    }
  }

  private mutating func sendResponse(_ world: inout World) -> Step {
    guard let session = made?.session else { return .stay }
    switch needed {
    case .last:
      phase = .ended(.notSent(.tries(made?.adminTries)))
      return Step(move: .stay, effects: letGo())
    case .low where !Answer.isConfirmation(word.text):
      let text = PINWords[world.language].confirmLow(made?.adminTries)
      world.say(Grade.warning.symbol + " " + text, .warning)
      word = TextField("")
      return .stay
    case .normal, .low: break
    }
    phase = .applying
    word = TextField("")
    return .ask(.applyResponse(UnlockApplyJob(session: session, file: response.text, consent: needed)))
  }
}
