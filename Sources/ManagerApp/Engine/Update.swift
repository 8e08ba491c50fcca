import TerminalKit
import TokenKit
import Wording

/// Takes an event into the state and says what is to be done outside.
///
/// It reads no clock, card, file or terminal, and no token and no OpenSSL object works or ends in it. One thing it
/// shares with the outside: the characters of a PIN are not in the state but in ``PINFields``, locked memory that the
/// state only refers to; typing and wiping change what is there, in every copy of the state. What is kept in a ``Memo`` is
/// shared, too, and follows from the rest.
func update(_ state: inout State, _ event: Event) -> [Request] {
  let requests = state.take(event)
  if state.hold == nil { state.wasWarned = false }
  return requests
}

extension State {
  fileprivate mutating func take(_ event: Event) -> [Request] {
    switch event {
    case .key(.mouse(let mouse)): return take(mouse)
    case .key(let key): return take(key)
    case .source(let event): return take(event)
    case .keyService(let event): return take(event)
    case .answer(let id, let answer): return take(answer, id)
    case .resized(let size):
      world.size = size
      settle()
      return []
    case .stopping:
      // Not in the middle of a command: the key would stay held.
      if hold != nil { return [] }
      wipe()
      return [Request(from: top.id, effect: .suspend(job: false))]
    case .resumed: return resume()
    }
  }

  /// While we were stopped another program may have used or changed the key.
  private mutating func resume() -> [Request] {
    wipe()
    var requests = changeAll { screen, world in Step(move: .stay, effects: screen.resumed(world)) }
    requests += world.slots.filter { !$0.isEmpty }.map { Request(from: top.id, effect: .reread($0.source)) }
    settle()
    return requests
  }

  private mutating func take(_ event: KeyEvent) -> [Request] {
    // Nothing of a key that is gone stays on the screen, and what lies over the main window is known before the
    // selection is moved.
    let requests = changeAll { screen, world in screen.keyChanged(event, &world) }
    world.take(event, isCovered: !isMainOnTop)
    settle()
    return requests
  }

  private mutating func take(_ answer: ScreenReply, _ id: ScreenID) -> [Request] {
    var isTaken = false
    let requests = change(id) { screen, world in
      guard let step = screen.take(answer: answer, &world) else { return .stay }
      isTaken = true
      return step
    }
    defer { settle() }
    return isTaken ? requests : answer.missed(&world).map { Request(from: id, effect: $0) }
  }

  // MARK: Keys

  private mutating func take(_ key: Key) -> [Request] {
    world.dropMessage()
    if let row = top.screen.model.keyTable.first(where: { $0.keys.contains(key) }) { return run(row) }
    return change(top.id) { screen, world in screen.press(key, &world) }
  }

  private mutating func take(_ mouse: Key.Mouse) -> [Request] {
    if mouse.button == .left {
      world.dropMessage()
      if let row = hint(at: Point(x: mouse.x, y: mouse.y)) { return run(row) }
    }
    return change(top.id) { screen, world in screen.point(mouse, &world) }
  }

  private mutating func run(_ binding: Binding<Int>) -> [Request] {
    if case .unavailable(let reason) = availability(binding.command, top) {
      let text = world.words.unavailable(binding.word(world.words), reason)
      world.hint(Grade.warning.symbol + " " + text, .warning)
      return []
    }
    switch binding.command {
    case .own(let row): return change(top.id) { screen, world in screen.perform(row: row, &world) }
    case .back: return change(top.id) { screen, world in screen.goBack(&world) }
    case .help: return open(.help(HelpScreen(over: top.screen)))
    case .quit:
      wipe()
      exitCode = 0
    case .interrupt:
      guard mayInterrupt() else { return [] }
      wipe()
      exitCode = 130
    case .suspend:
      wipe()
      return [Request(from: top.id, effect: .suspend(job: true))]
    case .redraw: return [Request(from: top.id, effect: .redraw)]
    }
    return []
  }

  /// Ctrl-C while the key works: the first press says what it would cost.
  private mutating func mayInterrupt() -> Bool {
    guard let warning = hold?.interruptWarning, !wasWarned else { return true }
    wasWarned = true
    world.hint(Grade.warning.symbol + " " + warning, .warning)
    return false
  }
}
