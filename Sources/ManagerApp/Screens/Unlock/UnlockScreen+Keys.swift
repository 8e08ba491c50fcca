import Failures
import TerminalKit
import TokenKit
import UnlockKit
import Wording

extension UnlockScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case fields, review, taken, busy, made, handIn, waiting, done }

  enum Action: Hashable {
    case submit, nextField, previousField, tab, renew, overwrite, openForm, printForm
  }

  var mode: Mode {
    switch phase {
    case .editing: .fields
    case .review: .review
    case .making, .challenging, .checking: .busy
    case .taken: .taken
    case .made: made?.isAnswerable == true ? .made : .handIn
    case .waiting: .waiting
    case .closed, .doneElsewhere: .done
    }
  }

  /// No letter and no digit: those belong to the fields.
  func bindings(_ mode: Mode) -> [Binding<Action>] {
    func enter(_ word: @escaping @Sendable (Words) -> String) -> Binding<Action> {
      Binding("Enter", [.enter], .submit, rank: 0, word)
    }
    let paper: [Binding<Action>] = [
      Binding("o", [.character("o")], .openForm, rank: 3) { UnlockWords[$0.language].openForm },
      Binding("p", [.character("p")], .printForm, rank: 3) { UnlockWords[$0.language].printForm },
    ]
    let own: [Binding<Action>] =
      switch mode {
      case .fields:
        [
          enter { $0.submit },
          Binding("Tab", [.tab], .tab, rank: 2) { $0.nextField },
          Binding("↓", [.down], .nextField) { $0.nextField },
          Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
        ]
      case .taken:
        [
          enter { UnlockWords[$0.language].useOtherName },
          Binding("y", [.character("y"), .character("Y")], .overwrite, rank: 1) { $0.overwrite },
        ]
      case .made:
        [enter { $0.makeChallenge }, Binding("F3", [.function(3)], .renew, rank: 2) { $0.newRequest }] + paper
      case .handIn: [enter { $0.confirm }] + paper
      case .waiting:
        [enter { $0.submit }, Binding("Tab", [.tab], .tab, rank: 2) { UnlockWords[$0.language].completePath }]
      case .review, .done: [enter { $0.confirm }]
      case .busy: []
      }
    return [.help(rank: 4)] + own + [.back(), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    let words = UnlockWords[world.language]
    switch action {
    case .submit, .nextField, .previousField, .tab, .renew, .overwrite: return .available
    case .openForm, .printForm:
      if made?.form == nil { return .unavailable(words.noForm) }
      if action == .openForm { return canOpen ? .available : .unavailable(words.cannotOpen) }
      return canPrint ? .available : .unavailable(words.cannotPrint)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .submit: return submit(&world)
    case .nextField: move(by: 1)
    case .tab:
      if phase == .waiting || focus == .file { return complete() }
      move(by: 1)
    case .overwrite:
      overwrites = true
      return make()
    case .openForm, .printForm:
      guard let form = made?.form else { return .stay }
      return .ask(action == .openForm ? .openFile(form) : .printFile(form))
    case .previousField: move(by: -1)
    case .renew:
      made = nil
      failure = nil
      phase = .editing
    }
    return .stay
  }

  /// A response that came by itself is a proposal: what is typed takes its place, and it waits until there is place for it.
  private mutating func typeResponse(_ key: Key) {
    if response.text == noticed {
      switch key {
      case .character, .pasted: response = TextField("")
      default: break
      }
    }
    _ = response.handle(key)
    if response.text != noticed { noticed = nil }
    if response.text.isEmpty, let arrived { propose(arrived) }
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .editing: edit(key)
    case .waiting: typeResponse(key)
    case .review, .making, .taken, .made, .challenging, .checking, .closed, .doneElsewhere: return .stay
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
    case .taken(let failure):
      phase = .editing
      self.failure = failure
      focus = .file
    case .waiting where isOpen && !wasWarned:
      wasWarned = true
      world.hint(Grade.warning.symbol + " " + UnlockWords[world.language].leaveWarning, .warning)
    case .editing, .making, .made, .challenging, .waiting, .checking, .closed, .doneElsewhere: return .pop
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
      if focus == .file { overwrites = false }
      if focus == .reason, texts[focus]?.text != before { isReasonSuggested = false }
    }
  }

  private mutating func make() -> Step {
    phase = .making
    failure = nil
    return .ask(
      .makeRequest(
        UnlockRequestJob(
          source: source, keySerial: keySerial, application: application.name, certificate: certificate?.der,
          kind: kind, applicant: applicant.normalized, file: text(.file), overwrites: overwrites, remember: remember,
          onKey: onKey?.beginning)))
  }

  /// Writes under the name that is free; where none is known it is for the person to say.
  private mutating func takeFreeName() -> Step {
    guard let freeName else {
      if case .taken(let failure) = phase { self.failure = failure }
      (phase, focus) = (.editing, .file)
      return .stay
    }
    texts[.file] = TextField(freeName)
    overwrites = false
    return make()
  }

  private func complete() -> Step {
    phase == .waiting
      ? .ask(.completePath(response.text, ending: ".ukresp")) : .ask(.completePath(text(.file), ending: nil))
  }

  private mutating func submit(_ world: inout World) -> Step {
    switch phase {
    case .editing:
      if check() { phase = .review }
      return .stay
    case .review: return make()
    case .taken: return takeFreeName()
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
    case .closed, .doneElsewhere: return .pop
    case .making, .challenging, .checking: return .stay
    }
  }
}
