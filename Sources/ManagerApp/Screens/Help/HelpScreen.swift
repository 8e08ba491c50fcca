import TerminalKit
import TokenKit
import Wording

/// The help: what holders ask, with answers that look at the key that is plugged in; the keys of the screen under it;
/// what the symbols mean. It can be searched.
struct HelpScreen: ScreenModel {
  enum Mode: CaseIterable { case list, search, answer }
  enum Action: Hashable {
    case move(Motion)
    case open
    case ask(Question)
    case search, endSearch
    case changePIN, business, diagnose, login, keyService
  }
  typealias Reply = Never

  /// The keys of the screen under it, as they are now.
  var keys: [KeyHint] = []
  /// Row of the list that is selected; `nil`: none was looked for yet.
  var cursor: Int?
  var scroll = Scroll()
  /// What is searched for; ``isTyping`` while keys are letters.
  var field = TextField("")
  var isTyping = false
  /// The question that is answered.
  var question: Question?
  /// What the screen under it is likely to be asked about.
  let topic: Question?
  /// Screens can be opened from the answers: nothing is being typed under it.
  let mayLead: Bool

  init(over screen: Screen? = nil) {
    topic =
      switch screen {
      case .pin(let pin):
        switch pin.purpose {
        case .login: .loginSilent
        case .renewal: .business
        case .change, .answer: .changePIN
        }
      case .unlock, .business, .renewal: .business
      case .diagnosis, .service, .prompt: .loginSilent
      case .main, .help, .detail, .copy, .compare, .export, .log, nil: nil
      }
    mayLead =
      switch screen {
      case .main, .detail, .help, nil: true
      case .copy, .compare, .export, .log, .pin, .unlock, .renewal, .business, .diagnosis, .prompt, .service: false
      }
  }

  var screen: Screen { .help(self) }
  var isCovering: Bool { false }
  var mode: Mode { question != nil ? .answer : isTyping ? .search : .list }

  func draw(_ world: World, _ frame: inout Frame) { HelpPicture(help: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let numbers = zip("123456789".unicodeScalars, Question.allCases).map { number, question in
      Binding(String(number), [.character(number)], Action.ask(question)) { question.words($0.language).title }
    }
    return switch mode {
    case .list:
      [
        Binding("Enter", [.enter], .open, rank: 1) { $0.readAnswer },
        Binding("/", [.character("/")], .search, rank: 2) { InventoryWords[$0.language].search },
      ] + numbers + Binding.movement(Action.move) + [
        .back("Esc q", [.escape, .character("q"), .function(1), .character("?")], rank: 0), .quit(),
      ] + Binding.common
    case .search:
      [
        Binding("Enter", [.enter, .tab], .endSearch, rank: 1) { InventoryWords[$0.language].take },
        Binding("↑", [.up], .move(.up)) { $0.up }, Binding("↓", [.down], .move(.down), rank: 2) { $0.down },
        .back("Esc F1", [.escape, .function(1)], rank: 0) { InventoryWords[$0.language].clear }, .quit(),
      ] + Binding.common
    case .answer:
      [
        Binding("F2", [.function(2)], .changePIN, rank: 2) { $0.changePIN },
        Binding("F3", [.function(3)], .business, rank: 3) { $0.business },
        Binding("F4", [.function(4)], .diagnose, rank: 4) { $0.diagnose },
        Binding("F5", [.function(5)], .login, rank: 5) { $0.login },
        Binding("F7", [.function(7)], .keyService, rank: 6) { $0.pages.title },
      ] + numbers + Binding.movement(Action.move) + [
        .back("Esc q", [.escape, .character("q"), .left, .backspace, .function(1), .character("?")], rank: 0), .quit(),
      ] + Binding.common
    }
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    let lead: Availability = mayLead ? .available : .unavailable(world.words.goBackFirst)
    return switch action {
    case .move, .ask, .search, .endSearch: .available
    case .open: entry(world).map { _ in .available } ?? .unavailable(world.words.noQuestion)
    case .changePIN: mayLead ? PINScreen.change(world).availability : lead
    case .login: mayLead ? PINScreen.login(world).availability : lead
    case .business, .diagnose, .keyService: lead
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let motion): move(motion, world)
    case .open: answer(entry(world))
    case .ask(let asked): answer(asked)
    case .search: isTyping = true
    case .endSearch:
      isTyping = false
      // One that is left alone is what was looked for.
      let found = HelpPicture(help: self, world: world).rows.compactMap(\.question)
      if found.count == 1 { answer(found[0]) }
    case .changePIN: return lead(PINScreen.change(world))
    case .login: return lead(PINScreen.login(world))
    case .business: return .replace(BusinessScreen(world))
    case .diagnose: return .replace(DiagnosisScreen())
    case .keyService: return .replace(ServiceScreen())
    }
    return .stay
  }

  private mutating func answer(_ asked: Question?) {
    question = asked
    scroll = Scroll()
  }

  private func lead<Model>(_ opening: Opening<Model>) -> Step {
    if case .ready(let model) = opening { .replace(model) } else { .stay }
  }

  /// The question in the selected row.
  private func entry(_ world: World) -> Question? {
    let picture = HelpPicture(help: self, world: world)
    let rows = picture.rows
    return rows.indices.contains(picture.selected) ? rows[picture.selected].question : nil
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    if isTyping, field.handle(key) { cursor = nil }
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, world) }
    let picture = HelpPicture(help: self, world: world)
    if mouse.button == .left, let row = picture.row(at: Point(x: mouse.x, y: mouse.y)) {
      cursor = row
      if let asked = picture.rows[row].question { answer(asked) }
    }
    return .stay
  }

  /// From an answer to the list, from a search to all, then away.
  mutating func goBack(_ world: inout World) -> Step {
    if question != nil {
      question = nil
      scroll = Scroll()
    } else if isTyping || !field.text.isEmpty {
      isTyping = false
      field = TextField("")
      cursor = nil
    } else {
      return .pop
    }
    return .stay
  }

  private mutating func move(_ motion: Motion, _ world: World) {
    let picture = HelpPicture(help: self, world: world)
    if question != nil {
      scroll.move(motion, page: picture.page, count: picture.answerLines.count)
      return
    }
    let count = picture.rows.count
    let page = picture.page
    let index: Int =
      switch motion {
      case .up: picture.selected - 1
      case .down: picture.selected + 1
      case .pageUp: picture.selected - page + 1
      case .pageDown: picture.selected + page - 1
      case .first: 0
      case .last: count - 1
      }
    cursor = max(0, min(count - 1, index))
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
