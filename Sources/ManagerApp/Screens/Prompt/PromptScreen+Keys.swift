import KeyService
import TerminalKit
import TokenKit
import Wording

extension PromptScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case announced, choices, confirm, field, busy, done }

  enum Action: Hashable { case goOn, decide, move(Motion), submit, toggleEye }

  var mode: Mode {
    switch phase {
    case .announced: .announced
    case .choosing: .choices
    case .confirming: .confirm
    case .editing: .field
    case .running: .busy
    case .ended: .done
    }
  }

  /// No letter and no digit where something is typed.
  func bindings(_ mode: Mode) -> [Binding<Action>] {
    func enter(_ action: Action, _ word: @escaping @Sendable (Words) -> String) -> Binding<Action> {
      Binding("Enter", [.enter], action, rank: 0, word)
    }
    let refuse = Binding<Action>.back { $0.pages.refuse }
    let own: [Binding<Action>] =
      switch mode {
      case .announced: [enter(.goOn) { $0.pages.look }, refuse]
      case .choices:
        [
          enter(.decide) { $0.confirm },
          Binding("↑ k", [.up, .character("k")], .move(.up), rank: 2) { $0.up },
          Binding("↓ j", [.down, .character("j")], .move(.down), rank: 2) { $0.down }, refuse,
        ]
      case .confirm: [enter(.goOn) { $0.confirm }, refuse]
      case .field:
        [
          enter(.submit) { $0.confirm },
          Binding("F8 Ctrl-R", [.function(8), .control("r")], .toggleEye, rank: 3) {
            PINScreenWords[$0.language].showPIN
          },
          refuse,
        ]
      case .busy: [.back()]
      case .done: [.back("Enter Esc", [.enter, .escape], rank: 0)]
      }
    return [.help(rank: 4)] + own + [.quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability { .available }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch (action, phase) {
    case (.goOn, .announced): phase = first
    case (.goOn, .confirming):
      if Answer.isConfirmation(word.text) {
        phase = .editing
        note = nil
      } else {
        note = .wordDiffers
      }
      word = TextField("")
    case (.move(let motion), _):
      choice = max(0, min(choices.count - 1, choice + (motion == .up ? -1 : 1)))
    case (.decide, .choosing): return decide()
    case (.submit, .editing): return submit()
    case (.toggleEye, .editing): isShown.toggle()
    default: break
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .confirming:
      note = nil
      _ = word.handle(key)
    case .editing: edit(key)
    case .announced, .choosing, .running, .ended: break
    }
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step { .stay }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  private mutating func edit(_ key: Key) {
    guard let fields else { return }
    note = nil
    switch key {
    case .character(let scalar), .pasted(let scalar):
      if scalar.value < 0x20 || !fields.append(scalar, to: .old) { note = .noRoom }
    case .backspace: fields.removeLast(of: .old)
    case .control("u"): fields.wipe(.old)
    default: note = .navigationKey
    }
    refresh()
  }

  private mutating func decide() -> Step {
    isAnswered = true
    let allowed = choices.indices.contains(choice) ? choices[choice] : []
    let answer: ClientMessage = allowed.isEmpty ? .ended(id, .cancelled) : .granted(id, allowed)
    return Step(move: .pop, effects: [.keyService(.say(answer))])
  }

  private mutating func submit() -> Step {
    guard case .pin(let question, let certificate) = question, let fields else { return .stay }
    if let rule = view.oldRule {
      note = .rule(rule)
      return .stay
    }
    let pins = fields.handOver()
    isShown = false
    view = PINFieldsView()
    isAnswered = true
    phase = .running
    return .ask(.keyService(.typed(PromptJob(id: id, question: question, certificate: certificate, pins: pins))))
  }
}
