import TerminalKit
import Wording

/// The choices of a screen with their numbers. A number stays with its choice as long as the screen is open: what comes
/// later gets a new one, so that no answer meets another choice than the one that was read.
struct PlainMenu: Sendable {
  /// What a number means.
  enum Choice: Sendable, Hashable {
    case row(PlainPage.RowName)
    /// By its label.
    case field(String)
    case section(String)
    /// A row of the key table, by how its keys are written.
    case action(label: String)
  }

  /// A choice as it is told.
  struct Entry: Sendable, Equatable {
    var number: Int
    var choice: Choice
    var text: String
    /// Told when it changes; of an action only what it is called.
    var news: String
  }

  private var numbers: [Choice: Int] = [:]
  private var next = 1

  /// The choices of a page, in the order in which they are told.
  ///
  /// - Parameter reserved: digits that are keys of the screen.
  mutating func entries(
    _ page: PlainPage, _ table: [Action], reserved: Set<Int>, _ language: Language
  ) -> [Entry] {
    let own = PlainWords[language]
    var entries: [Entry] = []
    func add(_ choice: Choice, _ text: String, _ news: String) {
      entries.append(Entry(number: 0, choice: choice, text: text, news: news))
    }
    for row in page.rows {
      let mark = row.isSelected ? Punctuation[language].paren(own.selected) : ""
      add(.row(row.id), row.text + mark, row.text)
    }
    for field in page.fields {
      var text = PlainPage.bareLabel(field.label)
      switch field.kind {
      case .text: text += Punctuation[language].colon + (field.value.isEmpty ? own.empty : field.value)
      case .secret: break
      case .choice(let options, let chosen):
        if options.indices.contains(chosen) { text += Punctuation[language].colon + options[chosen] }
      }
      add(.field(field.label), text, text)
    }
    for section in page.sections {
      let text = own.section(section.title, section.lines.count)
      add(.section(section.title), text, section.title)
    }
    for action in table where !(page.hidesDigits && action.digit != nil) {
      let word = action.isAvailable ? action.word : PlainPage.bare(Punctuation[language].paren(action.word))
      add(.action(label: action.label), word + (action.digit == nil ? "  " + action.label : ""), action.word)
    }
    for index in entries.indices { entries[index].number = number(entries[index].choice, table, reserved) }
    return entries
  }

  private mutating func number(_ choice: Choice, _ table: [Action], _ reserved: Set<Int>) -> Int {
    if case .action(let label) = choice, let digit = table.first(where: { $0.label == label })?.digit { return digit }
    if let number = numbers[choice] { return number }
    while reserved.contains(next) { next += 1 }
    numbers[choice] = next
    next += 1
    return numbers[choice] ?? 0
  }

  /// A row of the key table that can be chosen.
  struct Action: Sendable {
    var label: String
    var word: String
    var key: Key
    var isAvailable: Bool

    /// The key is a digit: the choice keeps it as its number.
    var digit: Int? { key.digit }
  }
}

extension State {
  /// What can be done on the screen on top: its key table, without what only moves about or is the terminal's own.
  var plainActions: [PlainMenu.Action] {
    let top = top
    return top.screen.model.keyTable.compactMap { binding in
      switch binding.command {
      case .redraw, .suspend, .interrupt: return nil
      case .own, .help, .back, .quit: break
      }
      guard let key = binding.keys.first, !key.movesOnly else { return nil }
      return PlainMenu.Action(
        label: binding.label.split(separator: " ").first.map(String.init) ?? binding.label,
        word: binding.word(world.words), key: key, isAvailable: availability(binding.command, top) == .available)
    }
  }

  /// The digits that are keys of the screen on top, now or in another of its states.
  var plainDigits: Set<Int> { Set(top.screen.model.allKeyTables.joined().flatMap(\.keys).compactMap(\.digit)) }

  /// The key that a line means: its name, or the character that it is.
  func plainKey(_ line: String) -> Key? {
    let name = line.lowercased()
    let key: Key? =
      switch name {
      case "enter": .enter
      case "esc", "escape": .escape
      case "tab": .tab
      default:
        if name.first == "f", let number = Int(name.dropFirst()), (1...12).contains(number) {
          .function(number)
        } else if line.unicodeScalars.count == 1, let scalar = line.unicodeScalars.first {
          .character(scalar)
        } else {
          nil
        }
      }
    guard let key, top.screen.model.keyTable.contains(where: { $0.keys.contains(key) }) else { return nil }
    return key
  }

  /// What goes back from the screen on top, or quits where nothing is behind it.
  private var plainLeaving: (key: Key, word: String)? {
    let table = top.screen.model.keyTable
    func first(_ isMeant: (Command<Int>) -> Bool) -> Binding<Int>? { table.first { isMeant($0.command) } }
    let back = first { if case .back = $0 { true } else { false } }
    let quit = first { if case .quit = $0 { true } else { false } }
    if let binding = back, let key = binding.keys.first { return (key, binding.word(world.words)) }
    // The main window has nothing behind it but its list, from a search.
    if let binding = table.first(where: { $0.keys.contains(.escape) }), binding.rank != nil {
      return (.escape, binding.word(world.words))
    }
    return quit.flatMap { binding in binding.keys.first.map { ($0, binding.word(world.words)) } }
  }

  var plainLeave: Key? { plainLeaving?.key }
  var plainLeaveWord: String { plainLeaving?.word ?? "" }
}

extension Key {
  fileprivate var digit: Int? {
    guard case .character(let scalar) = self, ("0"..."9").contains(scalar) else { return nil }
    return Int(scalar.value - 0x30)
  }

  /// A key that only moves in a list, a text or between fields: rows and fields are chosen by their numbers.
  fileprivate var movesOnly: Bool {
    switch self {
    case .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .tab, .backTab: true
    default: false
    }
  }
}
