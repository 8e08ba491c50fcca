import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// The screen 办业务: what a holder may have to do with the authority, each with what it takes; from there the form.
///
/// It opens without a key too: whose key is lost or broken must be able to read it.
struct BusinessScreen: ScreenModel {
  enum Mode: CaseIterable { case list }
  enum Action: Hashable {
    case move(Int)
    case choose(Business)
    case scroll(Motion)
    case open
  }
  typealias Reply = Never

  var selected: Business
  /// Of the page of the selected one.
  var scroll = Scroll()
  /// The selected certificate is in an order already: Enter goes on with it.
  private var goesOn = false

  /// On what the selected key or certificate needs most.
  init(_ world: World) {
    let path = world.selectedSubject?.path
    let own = world.advice.filter { $0.source == world.selection?.source && ($0.place == nil || $0.place == path) }
    selected = own.lazy.compactMap(\.business).first ?? .unlock
  }

  var screen: Screen { .business(self) }
  let isCovering = true
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { BusinessPicture(business: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let numbers = zip("12345".unicodeScalars, Business.allCases).map { number, business in
      Binding(String(number), [.character(number)], Action.choose(business)) { business.page($0.language).title }
    }
    return [
      .help("F1 ?", [.function(1), .character("?")], rank: 2),
      Binding("Enter", [.enter], .open, rank: 0) { [goesOn] words in
        goesOn ? RenewalScreenWords[words.language].look : words.fillIn
      },
      Binding("↑ k", [.up, .character("k"), .backTab], .move(-1)) { $0.up },
      Binding("↓ j", [.down, .character("j"), .tab], .move(1), rank: 3) { $0.down },
      Binding("PgUp", [.pageUp], .scroll(.pageUp)) { $0.pageUp },
      Binding("PgDn", [.pageDown, .character(" ")], .scroll(.pageDown), rank: 4) { $0.pageDown },
    ] + numbers + [.back("Esc q", [.escape, .character("q"), .left, .backspace]), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    switch action {
    case .move, .choose, .scroll: .available
    case .open:
      if let kind = selected.kind {
        UnlockScreen.open(world, kind).availability
      } else {
        .unavailable(world.words.nothingToFill)
      }
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let step):
      let all = Business.allCases
      let index = all.firstIndex(of: selected) ?? 0
      choose(all[min(all.count - 1, max(0, index + step))])
    case .choose(let business): choose(business)
    case .scroll(let motion):
      let picture = BusinessPicture(business: self, world: world)
      scroll.move(motion, page: picture.page, count: picture.lines.count)
    case .open:
      guard let kind = selected.kind else { return .stay }
      if case .ready(let screen) = RenewalScreen.open(world, kind) { return .push(screen) }
      return UnlockScreen.open(world, kind).step
    }
    return .stay
  }

  /// What of this business is begun and not ended, for the selected certificate.
  func order(_ world: World) -> RenewalJournal? {
    guard let kind = selected.kind, kind.isDoneOnKey, let snapshot = world.selectedSlot?.snapshot,
      let certificate = world.selectedSubject?.certificate.value
    else { return nil }
    return world.order(certificate, of: snapshot)
  }

  private mutating func choose(_ business: Business) {
    selected = business
    scroll = Scroll()
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    let picture = BusinessPicture(business: self, world: world)
    if let motion = Motion(mouse.button) {
      scroll.move(motion, page: picture.page, count: picture.lines.count)
    } else if mouse.button == .left, mouse.x <= picture.list.right,
      Business.allCases.indices.contains(mouse.y - picture.list.y)
    {
      choose(Business.allCases[mouse.y - picture.list.y])
    }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) { goesOn = order(world) != nil }
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}
