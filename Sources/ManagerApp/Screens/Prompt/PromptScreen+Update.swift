import KeyService
import TokenKit
import Wording

/// What the service says to a question that is on the screen.
enum PromptReply: Sendable {
  case withdrawn
  /// The PIN was used.
  case used(SignOutcome)
  /// The service needs the PIN no more.
  case ended
}

extension PromptScreen {
  static func reply(in answer: ScreenReply) -> PromptReply? {
    if case .prompt(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: PromptReply, _ world: inout World) -> Step {
    switch reply {
    case .withdrawn:
      // What became of the PIN is left to read; a question is not.
      if case .ended = phase { return .stay }
      isAnswered = true
      world.say(Symbol.skipped.before(PromptWords(world.language).withdrawn(origin)))
      return .pop
    case .used(.signed):
      world.say(Symbol.ok.before(PromptWords(world.language).signed(origin)), .ok)
      return leave(world)
    case .used(.pin(.verified)):
      world.say(Symbol.ok.before(PromptWords(world.language).unlocked(origin)), .ok)
      return leave(world)
    case .used(.pin(let outcome)):
      phase = .ended(outcome)
      return Step(move: .stay, effects: reread(world))
    case .ended:
      if case .ended = phase { return .stay }
      return .pop
    }
  }

  static func missed(_ reply: PromptReply, _ world: inout World) -> [Effect] { [] }

  /// The tries are others now if a PIN was wrong before; else what was said stays to be read.
  private func leave(_ world: World) -> Step {
    guard case .pin(let question, _) = question, question.previous != nil else { return .pop }
    return Step(move: .pop, effects: reread(world))
  }

  private func reread(_ world: World) -> [Effect] {
    guard case .pin(_, let certificate) = question, world.slot(certificate.source)?.isEmpty == false else { return [] }
    return [.reread(certificate.source)]
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [.keyService(.say(.shown(id)))] }

  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    guard case .pin(_, let certificate) = question, !isAnswered,
      event.takesAway(certificate.source) || event.replaces(certificate.source, keySerial: certificate.key.keySerial)
    else { return .stay }
    isAnswered = true
    return Step(move: .pop, effects: [.keyService(.say(.ended(id, .withdrawn)))])
  }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {}

  mutating func resumed(_ world: World) -> [Effect] { [] }

  func hold(_ world: World) -> Hold? {
    guard phase == .running else { return nil }
    let words = PINScreenWords[world.language]
    return Hold(reason: words.running, interruptWarning: words.interruptWarning)
  }

  mutating func wipe() {
    let hadSome = view.counts.contains { $0 > 0 }
    fields?.wipe()
    isShown = false
    view = PINFieldsView()
    word = TextField("")
    if hadSome { note = .wiped }
  }

  /// Left without an answer is refused.
  func closed() -> [Effect] { isAnswered ? [] : [.keyService(.say(.ended(id, .cancelled)))] }
}
