import TerminalKit
import Wording

/// Which keys mean what on a screen: the one table from which keys are handled, the hint bar is folded and the help
/// is listed.
struct Binding<Action: Sendable>: Sendable {
  var keys: [Key]
  /// How the keys are written, for example `↑ k`.
  var label: String
  var command: Command<Action>
  var word: @Sendable (Words) -> String
  /// Whether it stands in the hint bar; smaller ranks stay longer when the bar is folded. `nil`: only in the help.
  var rank: Int?

  /// An action of the screen's own.
  init(
    _ label: String, _ keys: [Key], _ action: Action, rank: Int? = nil, _ word: @escaping @Sendable (Words) -> String
  ) {
    self.init(label, keys, command: .own(action), rank: rank, word)
  }

  private init(
    _ label: String, _ keys: [Key], command: Command<Action>, rank: Int?, _ word: @escaping @Sendable (Words) -> String
  ) {
    self.keys = keys
    self.label = label
    self.command = command
    self.word = word
    self.rank = rank
  }

  /// The same with its place in the table for its action.
  func numbered(_ row: Int) -> Binding<Int> {
    Binding<Int>(label, keys, command: command.numbered(row), rank: rank, word)
  }
}

/// What a key does: something of the screen's own, or what the engine does alike on all.
enum Command<Action: Sendable>: Sendable {
  case own(Action)
  case help, back, quit, redraw, suspend, interrupt

  func numbered(_ row: Int) -> Command<Int> {
    switch self {
    case .own: .own(row)
    case .help: .help
    case .back: .back
    case .quit: .quit
    case .redraw: .redraw
    case .suspend: .suspend
    case .interrupt: .interrupt
    }
  }
}

/// A key with its word and whether it can be used now: what the help lists.
struct KeyHint: Sendable, Equatable {
  var label: String
  var word: String
  var availability: Availability
}

// MARK: What all tables share

extension Binding {
  static func help(_ label: String = "F1", _ keys: [Key] = [.function(1)], rank: Int) -> Self {
    Self(label, keys, command: .help, rank: rank) { $0.help }
  }

  static func back(
    _ label: String = "Esc", _ keys: [Key] = [.escape], rank: Int = 1,
    _ word: @escaping @Sendable (Words) -> String = { $0.back }
  ) -> Self {
    Self(label, keys, command: .back, rank: rank, word)
  }

  static func quit(_ label: String = "F10", _ keys: [Key] = [.function(10)], rank: Int? = nil) -> Self {
    Self(label, keys, command: .quit, rank: rank) { $0.quit }
  }

  /// On every screen.
  static var common: [Self] {
    [
      Self("Ctrl-L", [.control("l")], command: .redraw, rank: nil) { $0.redraw },
      Self("Ctrl-Z", [.control("z")], command: .suspend, rank: nil) { $0.suspend },
      Self("Ctrl-C", [.control("c")], command: .interrupt, rank: nil) { $0.interrupt },
    ]
  }

  static func movement(_ action: (Motion) -> Action) -> [Self] {
    [
      Binding("↑ k", [.up, .character("k")], action(.up)) { $0.up },
      Binding("↓ j", [.down, .character("j")], action(.down)) { $0.down },
      Binding("PgUp", [.pageUp], action(.pageUp)) { $0.pageUp },
      Binding("PgDn", [.pageDown, .character(" ")], action(.pageDown)) { $0.pageDown },
      Binding("Home g", [.home, .character("g")], action(.first)) { $0.first },
      Binding("End G", [.end, .character("G")], action(.last)) { $0.last },
    ]
  }
}

/// A movement in a list or text.
enum Motion: Sendable, Hashable {
  case up, down, pageUp, pageDown, first, last

  /// That of the wheel, if it was turned.
  init?(_ button: Key.Mouse.Button) {
    switch button {
    case .wheelUp: self = .up
    case .wheelDown: self = .down
    case .left, .other: return nil
    }
  }
}
