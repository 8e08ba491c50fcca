import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The main window: readers, keys and certificates in a list, and what is selected.
struct MainScreen: ScreenModel {
  enum Mode: CaseIterable { case list, search }

  enum Action: Hashable {
    case move(Motion)
    case changePIN, business, diagnose, login, export, copy, log, keyService, detail, reread
    case search, sort, problems, nextProblem, compare
    case endSearch, clearSearch
  }

  typealias Reply = Never

  /// First row shown.
  var top = 0
  var order = MainOrder.asFound
  var filter = MainFilter()
  /// The text of the search, while it is typed; `nil`: keys are keys.
  var field: TextField?
  let madeRows = Memo<RowOrigin, [TreeRow]>()
  let madeCounts = Memo<CertificateCounts.Origin, CertificateCounts>()

  var screen: Screen { .main(self) }
  let isCovering = true
  var mode: Mode { field == nil ? .list : .search }

  func draw(_ world: World, _ frame: inout Frame) { MainPicture(main: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    switch mode {
    case .list:
      [
        .help("F1 ?", [.function(1), .character("?")], rank: 0),
        Binding("F2", [.function(2)], .changePIN, rank: 2) { $0.changePIN },
        Binding("F3", [.function(3)], .business, rank: 3) { $0.business },
        Binding("F4", [.function(4)], .diagnose, rank: 4) { $0.diagnose },
        Binding("F5", [.function(5)], .login, rank: 5) { $0.login },
        Binding("F6 e", [.function(6), .character("e")], .export, rank: 6) { $0.export },
        Binding("y", [.character("y")], .copy, rank: 12) { CopyWords[$0.language].copy },
        Binding("F7", [.function(7)], .keyService, rank: 9) { $0.pages.title },
        Binding("l", [.character("l")], .log) { LogScreenWords[$0.language].title },
        Binding("/", [.character("/")], .search, rank: 10) { InventoryWords[$0.language].search },
        Binding("s", [.character("s")], .sort, rank: 11) { InventoryWords[$0.language].sort },
        Binding("p", [.character("p")], .problems) { InventoryWords[$0.language].problems },
        Binding("n", [.character("n")], .nextProblem) { InventoryWords[$0.language].nextProblem },
        Binding("=", [.character("=")], .compare) { MarkWords[$0.language].compare },
        Binding("Enter", [.enter], .detail, rank: 8) { $0.detail },
        Binding("r", [.character("r")], .reread, rank: 7) { $0.reread },
        Binding("Esc", [.escape], .clearSearch) { InventoryWords[$0.language].clear },
      ] + Binding.movement(Action.move) + [.quit("q F10", [.character("q"), .function(10)], rank: 1)] + Binding.common
    case .search:
      [
        .help(rank: 3), Binding("Enter", [.enter, .tab], .endSearch, rank: 0) { InventoryWords[$0.language].take },
        Binding("Esc", [.escape], .clearSearch, rank: 1) { InventoryWords[$0.language].clear },
        Binding("↑", [.up], .move(.up)) { $0.up }, Binding("↓", [.down], .move(.down), rank: 2) { $0.down },
        .quit("F10", [.function(10)]),
      ] + Binding.common
    }
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move, .business, .diagnose, .keyService, .log, .search, .sort, .problems, .endSearch, .clearSearch: .available
    case .nextProblem:
      !world.advice.contains { $0.row != nil } ? .unavailable(InventoryWords[world.language].noProblem) : .available
    case .compare: canMark(world) ? .available : .unavailable(world.whyNoCertificate)
    case .changePIN: PINScreen.change(world).availability
    case .login: PINScreen.login(world).availability
    case .export: ExportScreen.open(world).availability
    case .copy: CopyScreen.open(world).availability
    case .detail: DetailScreen.open(world).availability
    case .reread:
      // With no service this looks for it again: one that refused does not say when it would no longer.
      world.isDown || world.selectedSlot.map { !$0.isEmpty } == true
        ? .available : .unavailable(world.words.noKeySelected)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    // Whoever has begun to do something is not moved away from it.
    world.isChosen = true
    switch action {
    case .move(let motion): move(motion, &world)
    case .changePIN: return PINScreen.change(world).step
    case .login: return PINScreen.login(world).step
    case .business: return .push(BusinessScreen(world))
    case .diagnose: return .push(DiagnosisScreen())
    case .keyService: return .push(ServiceScreen())
    case .log: return .push(LogScreen())
    case .export: return ExportScreen.open(world).step
    case .copy: return CopyScreen.open(world).step
    case .detail: return DetailScreen.open(world).step
    case .search: field = TextField(filter.query)
    case .sort:
      order = order.next
      let words = InventoryWords[world.language]
      world.hint(words.sorted(order.word(words)))
      follow(&world)
    case .problems:
      filter.onlyProblems.toggle()
      follow(&world)
      let words = InventoryWords[world.language]
      world.hint(filter.onlyProblems ? words.onlyProblems : words.allShown)
    case .nextProblem: selectNextProblem(&world)
    case .compare: return compare(&world)
    case .endSearch: field = nil
    case .clearSearch:
      field = nil
      filter = MainFilter()
      follow(&world)
    case .reread: return reread(&world)
    }
    return .stay
  }

  private func canMark(_ world: World) -> Bool {
    guard let row = world.selection else { return false }
    if case .slot(let source) = row { return world.slot(source)?.snapshot != nil }
    return world.place(row)?.certificate.value != nil
  }

  /// The first press marks the row, on the same row again no longer; on another one both are compared.
  private func compare(_ world: inout World) -> Step {
    let words = MarkWords[world.language]
    if world.marked == world.selection {
      world.marked = nil
      world.hint(words.unmarked)
    } else if case .ready(let screen) = CompareScreen.open(world) {
      world.marked = nil
      return .push(screen)
    } else {
      world.marked = world.selection
      let name =
        world.selection.flatMap { world.place($0)?.certificate.value?.owner } ?? world.selectedSlot?.title ?? ""
      world.hint(words.marked(displaySafe(name)))
    }
    return .stay
  }

  private func reread(_ world: inout World) -> Step {
    if world.isDown {
      world.say(world.words.retryingService)
      return .ask(.retryService)
    }
    guard let slot = world.selectedSlot else { return .stay }
    world.say(world.words.rereading(slot.title))
    return .ask(.reread(slot.source))
  }

  /// The row of the next line of advice, the first again behind the last.
  private mutating func selectNextProblem(_ world: inout World) {
    let rows = world.advice.compactMap(\.row)
    let next = rows.firstIndex { $0 == world.selection }.map { ($0 + 1) % rows.count } ?? 0
    if rows.indices.contains(next) { show(rows[next], &world) }
  }

  /// Selects a row wherever it is.
  private mutating func show(_ row: RowID, _ world: inout World) {
    filter = MainFilter()
    world.select(row)
    keepSelectionVisible(MainPicture(main: self, world: world).rows, world)
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    guard field?.handle(key) == true else { return .stay }
    filter.query = field?.text ?? ""
    selectFound(&world)
    follow(&world)
    return .stay
  }

  /// What is shown is what was found: a key's row shows its main certificate, which may be another.
  private func selectFound(_ world: inout World) {
    let rows = MainPicture(main: self, world: world).rows
    if case .entry? = world.selection, rows.contains(where: { $0.id == world.selection }) { return }
    let first = rows.first { if case .entry = $0.id { true } else { false } }
    if !filter.query.isEmpty, let first { world.select(first.id) }
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, &world) }
    let picture = MainPicture(main: self, world: world)
    let (tree, advice) = (picture.layout.tree, picture.layout.advice)
    if mouse.button == .left, advice.contains(Point(x: mouse.x, y: mouse.y)) {
      let lines = world.advice
      let index = mouse.y - advice.y
      if lines.indices.contains(index), let row = lines[index].row { show(row, &world) }
    }
    if mouse.button == .left, tree.contains(Point(x: mouse.x, y: mouse.y)) {
      let rows = picture.rows
      let index = top + mouse.y - tree.y
      if rows.indices.contains(index) { world.select(rows[index].id) }
    }
    return .stay
  }

  /// There is nothing behind it; it is left with 退出.
  mutating func goBack(_ world: inout World) -> Step { .stay }

  private mutating func move(_ motion: Motion, _ world: inout World) {
    let picture = MainPicture(main: self, world: world)
    let rows = picture.rows
    guard !rows.isEmpty else { return }
    let page = max(1, picture.layout.tree.height - 1)
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
    world.select(rows[min(rows.count - 1, max(0, index))].id)
    keepSelectionVisible(rows, world)
  }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }

  /// What was begun with a key is known before it is shown.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step {
    if case .read(_, let snapshot) = event, snapshot.isComplete { return .ask(.loadOrders) }
    return .stay
  }

  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }

  mutating func settle(_ world: inout World, over below: [KeyHint]) { follow(&world) }

  /// Brings selection and scrolling into line with the rows there are.
  private mutating func follow(_ world: inout World) {
    let rows = MainPicture(main: self, world: world).rows
    // A row that is not there any more gives the selection to its key; one that a filter hides to the first certificate
    // that is left.
    if let selection = world.selection, world.selectedSlot?.isReading != true, world.kept?.row != selection,
      !rows.contains(where: { $0.id == selection })
    {
      if filter.isEmpty || rows.isEmpty {
        world.selection = .slot(selection.source)
      } else {
        world.selection = (rows.first { $0.depth > 0 } ?? rows.first)?.id
      }
    }
    keepSelectionVisible(rows, world)
  }

  /// Moves the list so that the selected row, and as far as there is room the last row of its key, is in sight.
  private mutating func keepSelectionVisible(_ rows: [TreeRow], _ world: World) {
    let height = max(1, MainPicture(main: self, world: world).layout(rows.count).tree.height)
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
