import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

extension UnlockScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case fields, review, busy, made, waiting, done }

  enum Action: Hashable { case submit, nextField, previousField, renew }

  var mode: Mode {
    switch phase {
    case .editing: .fields
    case .review: .review
    case .making, .challenging, .checking: .busy
    case .made: made?.isAnswerable == true ? .made : .done
    case .waiting: .waiting
    case .closed: .done
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
      case .made: [enter { $0.makeChallenge }, Binding("F3", [.function(3)], .renew, rank: 2) { $0.newRequest }]
      case .waiting: [enter { $0.submit }]
      case .review, .done: [enter { $0.confirm }]
      case .busy: []
      }
    return [.help(rank: 4)] + own + [.back(), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .submit, .nextField, .previousField, .renew: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .submit: return submit(&world)
    case .nextField: move(by: 1)
    case .previousField: move(by: -1)
    case .renew:
      made = nil
      failure = nil
      phase = .editing
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .editing: edit(key)
    case .waiting: _ = response.handle(key)
    case .review, .making, .made, .challenging, .checking, .closed: return .stay
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
    case .waiting where isOpen && !wasWarned:
      wasWarned = true
      world.hint(Grade.warning.symbol + " " + UnlockWords[world.language].leaveWarning, .warning)
    case .editing, .making, .made, .challenging, .waiting, .checking, .closed: return .pop
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
    case (.certificate, .left): choose(by: -1)
    case (.certificate, .right), (.certificate, .character(" ")): choose(by: 1)
    case (.delivery, .left), (.delivery, .right), (.delivery, .character(" ")):
      delivery = delivery == .collect ? .post : .collect
    case (.remember, .left), (.remember, .right), (.remember, .character(" ")): remember.toggle()
    default:
      if focus.isChoice { return }
      let before = texts[focus]?.text
      _ = texts[focus]?.handle(key)
      if focus == .reason, texts[focus]?.text != before { isReasonSuggested = false }
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
            source: source, keySerial: keySerial, application: application.name, certificate: certificate?.der,
            kind: kind,
            applicant: applicant.normalized, file: text(.file), remember: remember)))
    case .made:
      guard let made, made.isAnswerable, let application = challenged else { return .pop }
      phase = .challenging
      failure = nil
      return .ask(
        .makeChallenge(
          UnlockChallengeJob(
            source: source, keySerial: keySerial, application: application, request: made.digest)))
    case .waiting:
      guard let open, !response.text.isEmpty else { return .stay }
      phase = .checking
      failure = nil
      return .ask(.checkResponse(open.session, given: response.text))
    case .closed: return .pop
    case .making, .challenging, .checking: return .stay
    }
  }
}
