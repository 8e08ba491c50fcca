import Failures
import TerminalKit
import Wording

/// The window: what all screens share, and the screens that are open. Changed only by ``update(_:_:)``, read only by
/// ``draw(_:)``.
struct State: Sendable {
  var world: World
  /// The open screens; the main one is always the first, the last one takes the keys.
  private(set) var stack: [OpenScreen]
  /// How many screens have been opened.
  private var count = 1
  /// Ctrl-C was pressed once while something was under way.
  var wasWarned = false
  /// The exit status once the window is to close.
  var exitCode: Int32?

  init(_ world: World) {
    self.world = world
    stack = [OpenScreen(id: ScreenID(number: 0), screen: .main(MainScreen()))]
  }

  var top: OpenScreen { stack[stack.count - 1] }
  var isMainOnTop: Bool { stack.count == 1 }

  // MARK: Opening and leaving

  /// Puts a screen over whatever is shown. - Returns: what it asks for.
  mutating func open(_ screen: Screen) -> [Request] {
    insert(screen, at: stack.count)
  }

  private mutating func insert(_ screen: Screen, at index: Int) -> [Request] {
    let id = ScreenID(number: count)
    count += 1
    var screen = screen
    let effects = screen.model.opened(world)
    stack.insert(OpenScreen(id: id, screen: screen), at: index)
    settle(index)
    return effects.map { Request(from: id, effect: $0) }
  }

  /// Every way out of a screen comes through here.
  private mutating func close(_ index: Int) -> [Request] {
    guard index > 0 else { return [] }
    stack[index].screen.model.wipe()
    let closed = stack.remove(at: index)
    return closed.screen.model.closed().map { Request(from: closed.id, effect: $0) }
  }

  // MARK: Screens one by one

  /// Lets a screen change itself and the world, and does what it then wants.
  mutating func change(_ id: ScreenID, _ body: (inout any ScreenModel, inout World) -> Step) -> [Request] {
    guard let index = stack.firstIndex(where: { $0.id == id }) else { return [] }
    let step = body(&stack[index].screen.model, &world)
    var requests = step.effects.map { Request(from: id, effect: $0) }
    switch step.move {
    case .stay: break
    case .pop: requests += close(index)
    case .push(let screen): requests += open(screen)
    case .replace(let screen):
      requests += close(index)
      requests += insert(screen, at: max(1, index))
    }
    return requests
  }

  /// Lets each screen, from the top down, change itself.
  mutating func changeAll(_ body: (inout any ScreenModel, inout World) -> Step) -> [Request] {
    stack.reversed().map(\.id).flatMap { change($0, body) }
  }

  /// Overwrites what was typed, on every screen.
  mutating func wipe() {
    for index in stack.indices { stack[index].screen.model.wipe() }
  }

  /// See ``ScreenModel/settle(_:over:)``.
  mutating func settle() {
    for index in stack.indices { settle(index) }
  }

  private mutating func settle(_ index: Int) {
    let below = index > 0 ? keyHints(index - 1) : []
    stack[index].screen.model.settle(&world, over: below)
  }

  // MARK: Keys

  /// Why the program must not stop or end now.
  var hold: Hold? { stack.lazy.compactMap { [world] in $0.screen.model.hold(world) }.first }

  /// Whether a row of the key table of this screen can be used now.
  func availability(_ command: Command<Int>, _ open: OpenScreen) -> Availability {
    switch command {
    case .own(let row): return open.screen.model.availability(row: row, world)
    case .back:
      guard let hold = open.screen.model.hold(world), !hold.mayGoBack else { return .available }
      return .unavailable(hold.reason)
    case .quit, .suspend: return hold.map { .unavailable($0.reason) } ?? .available
    case .help, .redraw, .interrupt: return .available
    }
  }

  private func keyHints(_ index: Int) -> [KeyHint] {
    stack[index].screen.model.keyTable.map {
      KeyHint(label: $0.label, word: $0.word(world.words), availability: availability($0.command, stack[index]))
    }
  }
}

/// A screen that is open.
struct OpenScreen: Sendable {
  let id: ScreenID
  var screen: Screen
}

/// Which opening of which screen: an answer finds the screen that asked, and no other.
struct ScreenID: Sendable, Hashable {
  var number: Int
}
