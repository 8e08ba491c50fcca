import Failures
import TerminalKit
import TokenKit
import Wording

extension PINScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case guarding, busy, confirm, fields, pad, weak, again, done, locked }

  enum Action: Hashable { case submit, nextField, previousField, toggleRole, toggleEye, unlock, diagnose, startService }

  var mode: Mode {
    switch phase {
    case .guarding: .guarding
    case .asking, .running: .busy
    case .confirming: .confirm
    case .editing: .fields
    case .pad: .pad
    case .weak: .weak
    case .lastTry: isUnlockedByRequest ? .locked : .busy
    case .ended, .tried:
      if outcome == .locked { isUnlockedByRequest ? .locked : .done } else { canRetry ? .again : .done }
    }
  }

  /// F3 is a way out: with an administrator PIN there is nothing left to unlock with, and some keys are unlocked at the desk only.
  private var isUnlockedByRequest: Bool { role == .user && family.traits.unlocksRemotely }

  /// No letter and no digit: those belong to the fields.
  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let traits = purpose.traits
    // Not in the hint bar: the administrator PIN is the authority's, and nobody is led to it.
    let role: [Binding<Action>] =
      traits.offersRoles ? [Binding("F2", [.function(2)], .toggleRole) { $0.toggleRole }] : []
    let eye = Binding<Action>("F8 Ctrl-R", [.function(8), .control("r")], .toggleEye, rank: 3) {
      PINScreenWords[$0.language].showPIN
    }
    let diagnose: [Binding<Action>] =
      traits.offersDiagnosis ? [Binding("F4", [.function(4)], .diagnose, rank: 2) { $0.diagnose }] : []
    let service: [Binding<Action>] =
      offersService ? [Binding("x", [.character("x")], .startService, rank: 1) { $0.pages.startService }] : []
    func enter(_ word: @escaping @Sendable (Words) -> String) -> Binding<Action> {
      Binding("Enter", [.enter], .submit, rank: 0, word)
    }
    let fields: [Binding<Action>] =
      traits.fields.count < 2
      ? []
      : [
        Binding("Tab ↓", [.tab, .down], .nextField, rank: 2) { $0.nextField },
        Binding("S-Tab ↑", [.backTab, .up], .previousField) { $0.previousField },
      ]
    let own: [Binding<Action>] =
      switch mode {
      case .guarding: [enter { $0.confirm }, .back()]
      case .busy: role + [.back()]
      case .confirm: [enter { $0.confirm }] + role + [.back()]
      case .fields: [enter(traits.submitWord)] + fields + [eye] + role + [.back { $0.wipeAndLeave }]
      case .pad: [enter(traits.submitWord)] + role + [.back()]
      case .weak: [enter { $0.useAnyway }, .back()]
      case .again: [enter { $0.tryAgain }] + role + diagnose + [.back()]
      case .locked: [Binding("F3", [.function(3)], .unlock, rank: 0) { $0.unlock }] + role + [.back()]
      case .done: diagnose + service + [.back("Enter Esc", [.enter, .escape], rank: 0)]
      }
    return [.help(rank: 4)] + own + [.quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .submit, .nextField, .previousField, .diagnose, .toggleEye: return .available
    case .unlock: return UnlockScreen.open(world).availability
    case .startService:
      let words = ServiceWords[world.language]
      if world.isKeyServiceThere { return .unavailable(words.running) }
      if purpose.login?.isServiceStarting == true { return .unavailable(words.starting) }
      return world.mayStartKeyService ? .available : .unavailable(words.cannotStart)
    case .toggleRole:
      let words = PINScreenWords[world.language]
      if isRunning { return .unavailable(words.running) }
      return hasAdmin ? .available : .unavailable(words.noAdminPIN)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .submit: return submit(world)
    case .nextField: move(by: 1)
    case .previousField: move(by: -1)
    case .toggleEye: isShown.toggle()
    case .toggleRole:
      if role == .admin { return Step(move: .stay, effects: restart(world, role: .user)) }
      askForAdmin()
    case .diagnose: return .push(DiagnosisScreen())
    case .startService:
      purpose.changeLogin { $0.isServiceStarting = true }
      return .ask(.keyService(.start))
    case .unlock:
      // What led here is not come back to.
      if case .ready(let unlock) = UnlockScreen.open(world) { return .replace(unlock) }
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .confirming, .guarding:
      note = nil
      _ = word.handle(key)
    case .editing: edit(key)
    case .asking, .lastTry, .pad, .weak, .running, .ended, .tried: break
    }
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step { .stay }

  /// One level: the question about a weak PIN goes back to the fields, all else leaves the screen.
  mutating func goBack(_ world: inout World) -> Step {
    if phase == .weak {
      phase = .editing
    } else if phase == .guarding, role == .user {
      return Step(move: .stay, effects: restart(world))
    } else if isRunning {
      // Only possible when it is slow or waits for a keypad. What is certain is told; if the key answers after all, that
      // replaces it.
      phase = .ended(.unknown(purpose.traits.operation, Failure(padLeft == nil ? .cardTimeout : .cancelled)))
      isSlow = true
      // PKCS#11 has no call that ends a wait for a keypad: the library's process is ended, and with it all that it would do.
      if padLeft != nil { return Step(move: .stay, effects: [.abandon(source)]) }
    } else {
      return left
    }
    return .stay
  }

  private mutating func edit(_ key: Key) {
    guard let ready else { return }
    note = nil
    switch key {
    case .character(let scalar), .pasted(let scalar):
      if startsAnew { ready.fields.wipe(focus) }
      if scalar.value < 0x20 || !ready.fields.append(scalar, to: focus) { note = .noRoom }
    case .backspace:
      if startsAnew { ready.fields.wipe(focus) } else { ready.fields.removeLast(of: focus) }
    case .control("u"): ready.fields.wipe(focus)
    default:
      note = .navigationKey
      return
    }
    startsAnew = false
    refresh()
  }

  private mutating func submit(_ world: World) -> Step {
    switch phase {
    case .guarding:
      if Answer.isAdministrator(word.text) { return Step(move: .stay, effects: restart(world, role: .admin)) }
      note = .wordDiffers
      word = TextField("")
      return .stay
    case .confirming:
      if Answer.isConfirmation(word.text) {
        consent = .low
        phase = padLimit == nil ? .editing : .pad
        note = nil
      } else {
        note = .wordDiffers
      }
      word = TextField("")
      return .stay
    case .editing:
      guard completeField() else { return .stay }
      if view.warnings.isEmpty { return send() }
      phase = .weak
      return .stay
    case .weak, .pad: return send()
    case .ended, .tried: return canRetry ? Step(move: .stay, effects: restart(world)) : left
    case .asking, .lastTry, .running: return .stay
    }
  }

  private mutating func send() -> Step {
    guard let ready else { return .stay }
    // With a keypad they are empty.
    let pins = ready.fields.handOver()
    clear()
    isSlow = false
    padLeft = padLimit.map { Int($0.components.seconds) }
    phase = .running
    switch purpose {
    case .change:
      return .ask(.changePIN(PINChangeJob(query: query, consent: consent, padLimit: padLimit, pins: pins)))
    case .login(let login):
      return .ask(
        .tryLogin(LoginJob(query: query, consent: consent, subject: login.subject, padLimit: padLimit, pins: pins)))
    case .renewal(let work):
      let job = RenewalJob(
        query: query, consent: consent, task: work.task, journal: work.journal, answer: work.screen.answer,
        padLimit: padLimit, pins: pins)
      return .ask(.renew(job))
    case .answer(let answer):
      return .ask(.applyResponse(UnlockApplyJob(query: query, answer: answer, consent: consent, pins: pins)))
    }
  }
}
