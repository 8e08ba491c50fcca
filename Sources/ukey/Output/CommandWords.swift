import ArgumentParser
import Wording

/// The words before the options, looked at before the argument parser takes them: it takes a mistyped command for an
/// argument of the manager, and its `help` knows neither our languages nor what is no command.
enum CommandWords: Equatable {
  /// To be parsed, in place of what was typed.
  case parse([String])
  /// There is no such command. - Parameters: near: what may have been meant; group: the words in front of it.
  case unknown(String, near: String?, group: [String] = [])

  /// - Parameter typed: without the program.
  init(_ typed: [String], root: any ParsableCommand.Type) {
    let (words, options) = Self.split(typed)
    let asksHelp = options.allSatisfy { $0 == "--help" || $0 == "-h" }
    if typed.first == "help" {
      self =
        Self.walk(Array(words.dropFirst()), root)
        ?? .parse(words.dropFirst() + ["--help"])
      return
    }
    if words.isEmpty, !options.isEmpty, asksHelp {
      self = .parse(["--help"])
      return
    }
    if let first = typed.first, !first.hasPrefix("-"), let wrong = Self.walk(words, root) {
      self = wrong
      return
    }
    // The help of a group is its commands, though one of them is meant where none is named.
    if asksHelp, !options.isEmpty, let group = Self.command(words, root), !group.configuration.subcommands.isEmpty {
      self = .parse(words + ["--help"])
      return
    }
    // A group by itself shows its commands, whatever language was asked for.
    if let group = Self.command(words, root), options.isEmpty, typed != words, Self.isGroup(group) {
      self = .parse(words + ["--help"])
      return
    }
    self = .parse(typed)
  }

  /// The words in front, and what follows them without `--lang`, which the help takes by itself.
  private static func split(_ typed: [String]) -> (words: [String], options: [String]) {
    let words = Array(typed.prefix { !$0.hasPrefix("-") })
    var options: [String] = []
    var rest = typed.dropFirst(words.count)
    while let option = rest.popFirst() {
      if option == "--lang" {
        _ = rest.popFirst()
      } else if !option.hasPrefix("--lang=") {
        options.append(option)
      }
    }
    return (words, options)
  }

  /// Commands are chosen in it, and none is meant where none is named.
  private static func isGroup(_ command: any ParsableCommand.Type) -> Bool {
    !command.configuration.subcommands.isEmpty && command.configuration.defaultSubcommand == nil
  }

  private static func child(_ word: String, _ command: any ParsableCommand.Type) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first { $0._commandName == word }
  }

  /// The command that all the words name.
  static func command(_ words: [String], _ root: any ParsableCommand.Type) -> (any ParsableCommand.Type)? {
    var here: (any ParsableCommand.Type)? = words.isEmpty ? nil : root
    for word in words { here = here.flatMap { child(word, $0) } }
    return here
  }

  /// The first word that should be a command and is none; behind a command that takes arguments all words are its own.
  private static func walk(_ words: [String], _ root: any ParsableCommand.Type) -> CommandWords? {
    var here: any ParsableCommand.Type = root
    for (index, word) in words.enumerated() {
      let children = here.configuration.subcommands
      if let next = child(word, here) {
        here = next
        continue
      }
      let near = nearest(word, children.filter { $0.configuration.shouldDisplay }.map { $0._commandName })
      // Where one is meant by itself, what is like none of them is an argument of that.
      guard index == 0 || isGroup(here) || near != nil else { return nil }
      return .unknown(word, near: near, group: Array(words[..<index]))
    }
    return nil
  }

  /// What is said where options stand before the command: the parser takes that for an argument of the manager.
  static func misplaced(_ typed: [String], _ root: any ParsableCommand.Type, _ language: Language) -> String? {
    guard typed.first?.hasPrefix("-") == true, let start = typed.firstIndex(where: { child($0, root) != nil }) else {
      return nil
    }
    var here: any ParsableCommand.Type = root
    var names: [String] = []
    for word in typed[start...] {
      guard let next = child(word, here) else { break }
      (here, names) = (next, names + [word])
    }
    return UsageWords[language].optionsBehind(names.joined(separator: " "))
  }

  /// The name that is at most two slips away: a letter too many, missing, wrong, or two exchanged.
  static func nearest(_ word: String, _ names: [String]) -> String? {
    let reach = names.map { (name: $0, slips: slips(word.lowercased(), $0)) }.filter {
      $0.slips <= 2 && $0.slips < $0.name.count
    }
    return reach.min { $0.slips < $1.slips }?.name
  }

  private static func slips(_ left: String, _ right: String) -> Int {
    // A longer word is no slip of any command.
    let (a, b) = (Array(left.utf8.prefix(32)), Array(right.utf8.prefix(32)))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  /// What is said of a command that there is not. What may be a PIN is not repeated.
  static func text(_ word: String, near: String?, group: [String], _ language: Language) -> String {
    let isName =
      word.utf8.count <= 24 && word.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x2D }
    let front = group.map { $0 + " " }.joined()
    return UsageWords[language].noCommand(front, isName ? word : "…", near)
  }
}
