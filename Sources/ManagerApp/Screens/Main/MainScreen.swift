import TerminalKit
import TokenKit
import Wording

/// The main window: readers, keys and certificates on the left, what is selected on the right.
struct MainScreen: ScreenModel {
  enum Mode: CaseIterable { case list }

  enum Action: Hashable {
    case move(Motion)
    case changePIN, unlock, diagnose, login, export, keyService, detail, reread
  }

  typealias Reply = Never

  /// First tree row shown.
  var top = 0

  var screen: Screen { .main(self) }
  let isCovering = true
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { MainPicture(main: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    [
      .help("F1 ?", [.function(1), .character("?")], rank: 0),
      Binding("F2", [.function(2)], .changePIN, rank: 2) { $0.changePIN },
      Binding("F3", [.function(3)], .unlock, rank: 3) { $0.unlock },
      Binding("F4", [.function(4)], .diagnose, rank: 4) { $0.diagnose },
      Binding("F5", [.function(5)], .login, rank: 5) { $0.login },
      Binding("F6 e", [.function(6), .character("e")], .export, rank: 6) { $0.export },
      Binding("F7", [.function(7)], .keyService, rank: 9) { $0.pages.title },
      Binding("Enter", [.enter], .detail, rank: 8) { $0.detail },
      Binding("r", [.character("r")], .reread, rank: 7) { $0.reread },
    ] + Binding.movement(Action.move) + [.quit("q F10", [.character("q"), .function(10)], rank: 1)] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move, .diagnose, .keyService: .available
    case .changePIN: PINScreen.change(world).availability
    case .login: PINScreen.login(world).availability
    case .unlock: UnlockScreen.open(world).availability
    case .export: ExportScreen.open(world).availability
    case .detail: DetailScreen.open(world).availability
    case .reread:
      // With no service this looks for it again: one that refused does not say when it would no longer.
      world.isDown || world.selectedSlot.map { !$0.isEmpty } == true
        ? .available : .unavailable(world.words.noKeySelected)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion):
      move(motion, &world)
      return .stay
    case .changePIN: return PINScreen.change(world).step
    case .login: return PINScreen.login(world).step
    case .unlock: return UnlockScreen.open(world).step
    case .diagnose: return .push(DiagnosisScreen())
    case .keyService: return .push(ServiceScreen())
    case .export: return ExportScreen.open(world).step
    case .detail: return DetailScreen.open(world).step
    case .reread:
      if world.isDown {
        world.say(world.words.retryingService)
        return .ask(.retryService)
      }
      guard let slot = world.selectedSlot else { return .stay }
      world.say(world.words.rereading(slot.title))
      return .ask(.reread(slot.source))
    }
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, &world) }
    let tree = MainLayout(world.size).tree
    if mouse.button == .left, tree.contains(Point(x: mouse.x, y: mouse.y)) {
      let rows = MainPicture(main: self, world: world).rows
      let index = top + mouse.y - tree.y
      if rows.indices.contains(index) { world.selection = rows[index].id }
    }
    return .stay
  }

  /// There is nothing behind it; it is left with 退出.
  mutating func goBack(_ world: inout World) -> Step { .stay }

  private mutating func move(_ motion: Motion, _ world: inout World) {
    let rows = MainPicture(main: self, world: world).rows
    guard !rows.isEmpty else { return }
    let page = max(1, MainLayout(world.size).tree.height - 1)
    let old = rows.firstIndex { $0.id == world.selection }
    let index: Int =
      switch motion {
      case .up: (old ?? 1) - 1
      case .down: (old ?? -1) + 1
      case .pageUp: (old ?? 0) - page
      case .pageDown: (old ?? 0) + page
      case .first: 0
      case .last: rows.count - 1
      }
    world.selection = rows[min(rows.count - 1, max(0, index))].id
    keepSelectionVisible(rows, world)
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {
    let rows = MainPicture(main: self, world: world).rows
    // A row that a new reading no longer has gives the selection to its key.
    if let selection = world.selection, world.selectedSlot?.isReading != true,
      !rows.contains(where: { $0.id == selection })
    {
      world.selection = .slot(selection.source)
    }
    keepSelectionVisible(rows, world)
  }

  /// Moves the tree so that the selected row, and as far as there is room the last row of its key, is in sight.
  private mutating func keepSelectionVisible(_ rows: [TreeRow], _ world: World) {
    let height = max(1, MainLayout(world.size).tree.height)
    if let index = rows.firstIndex(where: { $0.id == world.selection }) {
      if index < top { top = index }
      if index >= top + height { top = index - height + 1 }
      var end = index
      if rows[index].depth == 0 {
        while end + 1 < rows.count, rows[end + 1].depth > 0 { end += 1 }
      }
      if end >= top + height { top = min(index, end - height + 1) }
    }
    top = max(0, min(top, rows.count - height))
  }
}
