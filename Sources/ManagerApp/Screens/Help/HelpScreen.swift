import TerminalKit
import TokenKit

/// The help: the keys of the screen under it, and what the symbols mean.
struct HelpScreen: ScreenModel {
  enum Mode: CaseIterable { case list }
  enum Action: Hashable { case move(Motion) }
  typealias Reply = Never

  /// The keys of the screen under it, as they are now.
  var keys: [KeyHint] = []
  var scroll = Scroll()

  var screen: Screen { .help(self) }
  let isCovering = false
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { HelpPicture(help: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    Binding.movement(Action.move) + [
      .back("Esc q", [.escape, .character("q"), .enter, .function(1), .character("?")], rank: 0), .quit(),
    ] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move: .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion): move(motion, world)
    }
    return .stay
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, world) }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  private mutating func move(_ motion: Motion, _ world: World) {
    let picture = HelpPicture(help: self, world: world)
    scroll.move(motion, page: picture.page, count: picture.lines.count)
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) { keys = below }
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}
