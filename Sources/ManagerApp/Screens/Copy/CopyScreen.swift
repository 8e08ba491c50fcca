import Base
import CertificateKit
import Failures
import TerminalKit
import TokenKit
import Wording

/// The menu 复制: the values of the selected certificate and key that people are asked for, one key each.
struct CopyScreen: ScreenModel {
  enum Mode: CaseIterable { case list }
  enum Action: Hashable {
    case move(Int)
    case copy(Int)
    case copySelected
  }

  struct Item: Sendable, Equatable {
    var label: String
    /// `nil` while it is reckoned.
    var text: String?
  }

  let certificate: Certificate?
  let source: TokenSource
  var items: [Item]
  var selected = 0
  private let language: Language
  /// It was said where a copy over ssh goes.
  private var wasAsked = false

  /// Of the selected certificate, or of the selected key.
  static func open(_ world: World) -> Opening<CopyScreen> {
    guard let slot = world.selectedSlot, let snapshot = slot.snapshot else {
      return .unavailable(world.words.noKeySelected)
    }
    return .ready(CopyScreen(snapshot, world.selectedEntry?.certificate.value, world))
  }

  init(_ snapshot: TokenSnapshot, _ certificate: Certificate?, _ world: World) {
    self.certificate = certificate
    source = snapshot.source
    language = world.language
    let words = world.words
    var items: [Item] = []
    func add(_ label: String, _ text: String?) {
      if let text, !text.isEmpty { items.append(Item(label: label, text: displaySafe(text))) }
    }
    if let certificate {
      add(words.owner, certificate.owner)
      add(words.uscc, certificate.uscc?.code)
      add(words.serial, certificate.serialText)
      add(words.issuer, certificate.issuer.displayName)
      add(CopyWords[language].ends, LocalTime.date(certificate.validity.notAfter))
      items.append(Item(label: "SHA-256", text: nil))
    }
    add(words.keySerial, snapshot.device.serial.value?.text)
    add(words.reader, snapshot.source.reader)
    self.items = items
  }

  var screen: Screen { .copy(self) }
  let isCovering = false
  var mode: Mode { .list }

  func draw(_ world: World, _ frame: inout Frame) { CopyPicture(copy: self, world: world).draw(&frame) }

  /// All lines that are known, for a report.
  var whole: Item {
    Item(
      label: CopyWords[language].all,
      text: items.compactMap { item in item.text.map { item.label + Punctuation[language].colon + $0 } }
        .joined(separator: "\n"))
  }

  /// What can be copied: each value, then all.
  var choices: [Item] { items + [whole] }

  // MARK: Keys

  func bindings(_ mode: Mode) -> [Binding<Action>] {
    let numbers = choices.prefix(9).enumerated().map { index, item in
      let digit = Unicode.Scalar(UInt8(0x31 + index))
      return Binding(String(digit), [.character(digit)], Action.copy(index)) { _ in item.label }
    }
    return [
      .help(rank: 3),
      Binding("Enter", [.enter, .character("y")], .copySelected, rank: 0) { CopyWords[$0.language].copy },
      Binding("↑ k", [.up, .character("k"), .backTab], .move(-1)) { $0.up },
      Binding("↓ j", [.down, .character("j"), .tab], .move(1), rank: 2) { $0.down },
    ] + numbers + [.back("Esc q", [.escape, .character("q")]), .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    let words = CopyWords[world.language]
    func of(_ index: Int) -> Availability {
      if !world.hasClipboard { return .unavailable(words.noTerminal) }
      return choices.indices.contains(index) && choices[index].text != nil ? .available : .unavailable(words.notYet)
    }
    return switch action {
    case .move: .available
    case .copy(let index): of(index)
    case .copySelected: of(selected)
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .move(let step):
      selected = max(0, min(choices.count - 1, selected + step))
      return .stay
    case .copy(let index):
      selected = index
      return copy(index, &world)
    case .copySelected: return copy(selected, &world)
    }
  }

  private mutating func copy(_ index: Int, _ world: inout World) -> Step {
    guard choices.indices.contains(index), let text = choices[index].text else { return .stay }
    let words = CopyWords[language]
    if world.isRemote, !world.mayCopyRemotely, !wasAsked {
      wasAsked = true
      world.hint(Grade.warning.symbol + " " + words.askRemote, .warning)
      return .stay
    }
    world.mayCopyRemotely = true
    world.say(Grade.ok.symbol + " " + words.copied(choices[index].label), .ok)
    return Step(move: .pop, effects: [.copy(text)])
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step { .stay }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    switch mouse.button {
    case .wheelUp: selected = max(0, selected - 1)
    case .wheelDown: selected = min(choices.count - 1, selected + 1)
    case .left:
      // A click selects, another one on the same row copies.
      guard let row = CopyPicture(copy: self, world: world).row(at: Point(x: mouse.x, y: mouse.y)) else { break }
      if row == selected, availability(.copySelected, world) == .available { return copy(row, &world) }
      selected = row
    case .other: break
    }
    return .stay
  }

  mutating func goBack(_ world: inout World) -> Step { .pop }

  // MARK: Answers

  enum Reply: Sendable {
    case fingerprint(String)
  }

  static func reply(in answer: ScreenReply) -> Reply? {
    if case .copy(let reply) = answer { reply } else { nil }
  }

  mutating func take(_ reply: Reply, _ world: inout World) -> Step {
    switch reply {
    case .fingerprint(let text):
      if let index = items.firstIndex(where: { $0.text == nil }) { items[index].text = text }
    }
    return .stay
  }

  static func missed(_ reply: Reply, _ world: inout World) -> [Effect] { [] }

  // MARK: Life

  mutating func opened(_ world: World) -> [Effect] { certificate.map { [.fingerprint($0)] } ?? [] }
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step { event.takesAway(source) ? .pop : .stay }
  mutating func settle(_ world: inout World, over below: [KeyHint]) {}
  mutating func resumed(_ world: World) -> [Effect] { [] }
  func hold(_ world: World) -> Hold? { nil }
  mutating func wipe() {}
  func closed() -> [Effect] { [] }
}

typealias CopyReply = CopyScreen.Reply
