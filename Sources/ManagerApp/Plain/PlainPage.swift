import DiagnosisKit
import TerminalKit
import Wording

/// A screen as text, for plain mode: what it says, what can be selected on it, what it asks for. What can be done stands
/// in its key table, as for the window.
struct PlainPage: Sendable, Equatable {
  /// Lines that belong together: when one of them changes, all are told again.
  struct Block: Sendable, Equatable {
    var title = ""
    var lines: [String]
    /// Only the lines that are new are told.
    var isGrowing = false
  }

  /// Something that can be selected: choosing it presses these keys.
  struct Row: Sendable, Equatable {
    var id: RowName
    var text: String
    var isSelected = false
    var keys: [Key]
  }

  /// What tells a row from the others, however the list changes.
  enum RowName: Sendable, Hashable {
    case tree(RowID)
    case link(CheckID)
    case place(Int, in: Int)
  }

  struct Field: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      case text
      /// Typed unseen, into locked memory.
      case secret
      /// One of these; → goes to the next.
      case choice([String], chosen: Int)
    }

    var label: String
    var value = ""
    var kind = Kind.text
    /// What brings the focus to it.
    var keys: [Key] = []
    /// Enter behind the answer goes on, as it does in the window.
    var submits = false
  }

  /// A long text, told when it is chosen.
  struct Section: Sendable, Equatable {
    var title: String
    var lines: [String]
  }

  var title: String
  var blocks: [Block] = []
  /// Stands above ``rows``.
  var rowsTitle = ""
  var rows: [Row] = []
  var fields: [Field] = []
  var sections: [Section] = []
  /// The label of the field that is asked for at once.
  var asks: String?
  /// Something is under way, and there is nothing to be answered until it has ended.
  var isBusy = false
  /// The keys 1 to 9 are not listed, though they work.
  var hidesDigits = false

  init(title: String) { self.title = title }

  /// Adds lines without those that are empty; a block without lines is none.
  mutating func add(_ lines: [String], title: String = "", isGrowing: Bool = false) {
    let lines = lines.map(PlainPage.bare).filter { !$0.isEmpty }
    if !lines.isEmpty { blocks.append(Block(title: PlainPage.bare(title), lines: lines, isGrowing: isGrowing)) }
  }

  /// Without the blanks that only place things under each other.
  static func bare(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  /// A label without a colon of its own.
  static func bareLabel(_ label: String) -> String {
    String(String(label.reversed()).drop { $0 == ":" || $0 == "：" || $0 == " " }.reversed())
  }
}

extension Picture {
  /// Wider than any text: nothing is folded, as lines are folded where they are written.
  static var plainWidth: Int { 900 }

  /// `label: value`.
  func plain(_ label: String, _ text: String) -> String {
    label.isEmpty ? text : label + Punctuation[language].colon + text
  }

  func plain(_ line: InfoLine) -> String { plain(line.label, line.pieces.map(\.text).joined()) }

  /// The title with what must be seen on every screen.
  func plainTitle(_ text: String) -> String { world.tags + text }

  /// The keys that move a list from one row to another.
  func plainKeys(from old: Int?, to new: Int) -> [Key] {
    let start = old ?? -1
    return Array(repeating: new >= start ? .down : .up, count: abs(new - start))
  }

  /// The keys that bring the focus from one of so many fields to another.
  func plainSteps(from old: Int?, to new: Int, of count: Int) -> [Key] {
    guard let old, count > 0 else { return [] }
    return Array(repeating: .down, count: (new - old + count) % count)
  }
}
