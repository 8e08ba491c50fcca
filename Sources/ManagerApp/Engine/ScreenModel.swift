import TerminalKit
import TokenKit

/// A screen as a value of its own: what it knows, which keys it has, what they do, and its picture.
///
/// No requirement has a default. What a screen does not say is not "nothing": it was forgotten, and does not compile.
protocol ScreenModel: Sendable {
  /// The states between which its keys differ; the table of each is checked by a test.
  associatedtype Mode: CaseIterable & Hashable & Sendable
  /// What its own keys do. What every screen has (help, back, quit …) is a ``Command``.
  associatedtype Action: Hashable & Sendable
  /// What may come back from its effects; `Never` if it has none that answer.
  associatedtype Reply: Sendable

  // MARK: Keys

  var mode: Mode { get }
  /// The key table: from it keys are handled, the hint bar is folded and the help is listed.
  func bindings(_ mode: Mode) -> [Binding<Action>]
  /// Whether an action can be taken now, or why not.
  func availability(_ action: Action, _ world: World) -> Availability
  /// An available action was asked for.
  mutating func perform(_ action: Action, _ world: inout World) -> Step
  /// A key that the table does not bind: the text fields' own.
  mutating func press(_ key: Key, _ world: inout World) -> Step
  /// The wheel, or a click that is not in the hint bar.
  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step
  /// One level a press. ``Step/pop`` of the main screen does nothing.
  mutating func goBack(_ world: inout World) -> Step

  // MARK: Answers

  /// The part of an answer that is meant for this kind of screen.
  static func reply(in answer: ScreenReply) -> Reply?
  /// An answer to an effect of this very screen.
  mutating func take(_ reply: Reply, _ world: inout World) -> Step
  /// An answer whose screen has been left: what must be told or given back all the same.
  static func missed(_ reply: Reply, _ world: inout World) -> [Effect]

  // MARK: Life

  /// What it asks for when it comes up.
  mutating func opened(_ world: World) -> [Effect]
  /// A reader or key came, went or was read; `world` is still as before. ``Step/pop``: the screen goes with its key.
  mutating func keyChanged(_ event: KeyEvent, _ world: inout World) -> Step
  /// After a change from outside (keys, answers, size): brings what it shows into line, such as how far it is scrolled.
  ///
  /// - Parameter below: the keys of the screen under this one.
  mutating func settle(_ world: inout World, over below: [KeyHint])
  /// The program goes on after a stop: others may have used the key meanwhile. What was typed has been wiped.
  mutating func resumed(_ world: World) -> [Effect]
  /// Why the program must not stop or end now.
  func hold(_ world: World) -> Hold?
  /// Overwrites every secret that was typed. Called before the screen is left, and before the program stops or ends.
  mutating func wipe()
  /// What it gives back when it is left, whichever way.
  func closed() -> [Effect]

  // MARK: Picture

  /// Takes the whole window: nothing under it is drawn.
  var isCovering: Bool { get }
  func draw(_ world: World, _ frame: inout Frame)
  /// The same as text, for plain mode.
  func plain(_ world: World) -> PlainPage

  /// Itself among all screens.
  var screen: Screen { get }
}

/// What a screen wants to happen next.
struct Step: Sendable {
  enum Move: Sendable {
    case stay, pop
    /// Comes over whatever is shown.
    case push(Screen)
    case replace(Screen)
  }

  var move: Move
  var effects: [Effect] = []

  static let stay = Step(move: .stay)
  static let pop = Step(move: .pop)
  static func push(_ screen: some ScreenModel) -> Step { Step(move: .push(screen.screen)) }
  static func replace(_ screen: some ScreenModel) -> Step { Step(move: .replace(screen.screen)) }
  static func ask(_ effects: Effect...) -> Step { Step(move: .stay, effects: effects) }
}

/// Something that cannot be undone is under way: a command is on its way to a key.
struct Hold: Sendable, Equatable {
  var reason: String
  /// Said at the first Ctrl-C, the second ends the program; `nil`: the first does.
  var interruptWarning: String?
  /// The screen can be left although the program cannot.
  var mayGoBack = false
}

/// Whether an action can be taken now. A disabled one stays visible and says why.
enum Availability: Sendable, Equatable {
  case available
  case unavailable(String)
}

/// A screen ready to be opened, or why it cannot be: one rule for the hint bar and for the key.
enum Opening<Model: ScreenModel> {
  case ready(Model)
  case unavailable(String)

  var availability: Availability {
    switch self {
    case .ready: .available
    case .unavailable(let reason): .unavailable(reason)
    }
  }

  var step: Step {
    switch self {
    case .ready(let model): .push(model)
    case .unavailable: .stay
    }
  }
}

extension ScreenModel {
  /// The key table as it is now, actions by their place in it.
  var keyTable: [Binding<Int>] { bindings(mode).enumerated().map { $1.numbered($0) } }

  /// Every key table that this screen can have.
  var allKeyTables: [[Binding<Int>]] {
    Mode.allCases.map { mode in bindings(mode).enumerated().map { $1.numbered($0) } }
  }

  func availability(row: Int, _ world: World) -> Availability {
    let table = bindings(mode)
    guard table.indices.contains(row), case .own(let action) = table[row].command else { return .available }
    return availability(action, world)
  }

  mutating func perform(row: Int, _ world: inout World) -> Step {
    let table = bindings(mode)
    guard table.indices.contains(row), case .own(let action) = table[row].command else { return .stay }
    return perform(action, &world)
  }

  /// - Returns: `nil` when the answer is not for this kind of screen.
  mutating func take(answer: ScreenReply, _ world: inout World) -> Step? {
    Self.reply(in: answer).map { take($0, &world) }
  }
}

extension ScreenModel where Reply == Never {
  // A screen whose effects do not answer has nothing to say about answers.
  static func reply(in answer: ScreenReply) -> Never? { nil }
  mutating func take(_ reply: Never, _ world: inout World) -> Step {}
  static func missed(_ reply: Never, _ world: inout World) -> [Effect] {}
}
