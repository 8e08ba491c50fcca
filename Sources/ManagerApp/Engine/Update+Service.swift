import KeyService
import LoginToken
import TokenKit
import Wording

// What the key service tells.

extension State {
  mutating func take(_ event: KeyServiceEvent) -> [Request] {
    defer { settle() }
    switch event {
    case .connected:
      world.isKeyServiceThere = true
      return tell(.connected)
    case .disconnected:
      world.isKeyServiceThere = false
      return tell(.withdrawn) + tell(.disconnected)
    case .permit(let id, let question): return show(PromptScreen(id, question, isAlone: isAtHand), id)
    case .pin(let id, let question, let fields):
      return show(PromptScreen(id, question, fields, world, isAlone: isAtHand), id)
    case .withdrawn(let id): return tell(.withdrawn, question: id)
    case .used(let id, let origin, let outcome):
      guard let prompt, prompt.question == id else {
        // The one signature that a page's login allowed.
        if case .signed = outcome { world.say(Symbol.ok.before(PromptWords(world.language).signed(origin)), .ok) }
        return []
      }
      return tell(.used(outcome), question: id)
    case .ended(let id): return tell(.ended, question: id)
    case .openPINChange(let id, let origin): return openPINChange(id, origin)
    case .status(let status, let holders): return tell(.status(status, holders))
    }
  }

  /// Nothing else is being typed that a key might be meant for: the main window is on top, or the question before this one.
  private var isAtHand: Bool {
    if case .prompt(let screen) = top.screen { return screen.phase != .announced }
    return isMainOnTop
  }

  /// The prompt that is open: which screen, and which question.
  private var prompt: (id: ScreenID, question: Int)? {
    for open in stack.reversed() {
      if case .prompt(let screen) = open.screen { return (open.id, screen.id) }
    }
    return nil
  }

  /// - Parameter screen: `nil` when this window cannot show it: the service then asks elsewhere.
  private mutating func show(_ screen: PromptScreen?, _ id: Int) -> [Request] {
    guard let screen, !world.isTooSmall else {
      return [Request(from: top.id, effect: .keyService(.say(.ended(id, .unavailable))))]
    }
    // There is one at a time: an earlier one has been answered, or is over.
    let left = prompt.map { old in change(old.id) { _, _ in .pop } } ?? []
    return left + open(.prompt(screen))
  }

  private mutating func tell(_ reply: PromptReply, question: Int? = nil) -> [Request] {
    guard let prompt, question == nil || prompt.question == question else { return [] }
    return change(prompt.id) { screen, world in screen.take(answer: .prompt(reply), &world) ?? .stay }
  }

  private mutating func tell(_ reply: ServiceReply) -> [Request] {
    stack.map(\.id).flatMap { id in
      change(id) { screen, world in screen.take(answer: .service(reply), &world) ?? .stay }
    }
  }

  /// Only over the main window: what someone is in the middle of is not a page's to interrupt.
  private mutating func openPINChange(_ id: Int, _ origin: WebOrigin) -> [Request] {
    guard isMainOnTop, case .ready(let screen) = PINScreen.change(world) else {
      return [Request(from: top.id, effect: .keyService(.say(.ended(id, .unavailable))))]
    }
    world.say(Symbol.warning.before(PromptWords(world.language).wantsPINChange(origin)), .warning)
    let shown = Request(from: top.id, effect: .keyService(.say(.shown(id))))
    return [shown] + open(screen.screen)
  }
}
