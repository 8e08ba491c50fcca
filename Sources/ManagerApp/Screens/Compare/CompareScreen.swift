import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// Two certificates, or two keys, side by side: what differs, after a renewal for example.
struct CompareScreen: ScreenModel {
  enum Mode: CaseIterable { case list }
  enum Action: Hashable {
    case scroll(Motion)
    case onlyDifferences
  }
  typealias Reply = Never

  /// What is compared.
  enum Pair: Sendable {
    case certificates(CertificatePlace, CertificatePlace, CertificateComparison)
    case keys(TokenSnapshot, TokenSnapshot, KeyComparison)
  }

  let pair: Pair
  var scroll = Scroll()
  var onlyDifferences = false

  /// Of the row that is marked and the one that is selected: both certificates, or both keys.
  static func open(_ world: World) -> Opening<CompareScreen> {
    let words = MarkWords[world.language]
    guard let marked = world.marked, let selected = world.selection, marked != selected else {
      return .unavailable(words.markOther)
    }
    if case .slot(let left) = marked, case .slot(let right) = selected {
      guard let first = world.slot(left)?.snapshot, let second = world.slot(right)?.snapshot else {
        return .unavailable(words.markGone)
      }
      return .ready(CompareScreen(pair: .keys(first, second, KeyComparison(first, second))))
    }
    guard let first = world.place(marked), let second = world.place(selected),
      let left = first.certificate.value, let right = second.certificate.value
    else { return .unavailable(words.markGone) }
    return .ready(CompareScreen(pair: .certificates(first, second, CertificateComparison(left, right))))
  }

  private init(pair: Pair) { self.pair = pair }

  var screen: Screen { .compare(self) }
  let isCovering = true
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { ComparePicture(compare: self, world: world).draw(&frame) }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    [
      .help(rank: 3),
      Binding("d", [.character("d")], .onlyDifferences, rank: 2) { MarkWords[$0.language].onlyDifferences },
    ] + Binding.movement(Action.scroll)
      + [.back("Esc q", [.escape, .character("q"), .enter, .character("=")], rank: 0), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability { .available }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .scroll(let motion): move(motion, world)
    case .onlyDifferences:
      onlyDifferences.toggle()
      scroll = Scroll()
    }
    return .stay
  }

  private mutating func move(_ motion: Motion, _ world: World) {
    let picture = ComparePicture(compare: self, world: world)
    scroll.move(motion, page: picture.page, count: picture.lines.count)
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { move(motion, world) }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { [] }
  /// What was read stays to be read: both may be of one reader, one after the other.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { .stay }

  mutating func settle(_ world: inout World, over below: [KeyHint]) {
    let picture = ComparePicture(compare: self, world: world)
    scroll.top = max(0, min(scroll.top, picture.lines.count - picture.page))
  }

  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}
