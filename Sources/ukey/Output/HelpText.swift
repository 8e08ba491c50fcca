import Base
import Failures
import Wording

/// The argument parser's help and its messages about wrong arguments, in another language. The parser speaks English and folds by
/// characters; so its text is taken unfolded, each sentence looked up in ``HelpWords``, and folded anew by cells. What is
/// not there stays English.
struct HelpText {
  /// Wide enough that the parser folds nothing.
  static let unfolded = 100_000
  private static let width = 80
  /// Where the descriptions begin, as in the parser's own text.
  private static let column = 26

  static func isHelp(_ text: String) -> Bool { text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") }

  /// The language that the arguments ask for, though they were not parsed; else that of the locale.
  static func language(_ arguments: [String]) -> Language {
    Language(arguments: arguments) ?? OutputChoice.localeLanguage
  }

  private let words: HelpWords
  private let marks: Punctuation

  /// `nil` when the parser speaks the language itself.
  init?(_ language: Language) {
    guard let words = HelpWords[language] else { return nil }
    self.words = words
    marks = Punctuation[language]
  }

  /// What stands under a command's help: how it is used, a line each.
  ///
  /// - Parameter text: of the parser, in its own language: its usage names the command.
  static func examples(below text: String, _ language: Language) -> String {
    guard let usage = text.split(separator: "\n").first(where: { $0.hasPrefix(usageMark) }) else { return "" }
    let words = usage.dropFirst(usageMark.count).split(separator: " ").dropFirst()
    let command = words.prefix { $0.first.map { $0.isLowercase } == true }.joined(separator: " ")
    let examples = HelpExample.of(command)
    if examples.isEmpty { return "" }
    let lines = examples.flatMap { item($0.line, folded: $0.text(language)) }
    return "\n" + ([HelpExample.heading(language)] + lines).joined(separator: "\n")
  }

  private static let usageMark = "USAGE: "

  /// - Parameter text: of the parser, unfolded.
  func translated(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += translated(line: String(line))
    }
    return lines.joined(separator: "\n")
  }

  private func translated(line: String) -> [String] {
    for (english, own) in words.headings where line.hasPrefix(english) {
      let rest = String(line.dropFirst(english.count))
      // `Help:  --lang <lang>  What it is for.`
      if english == HelpWords.help, let gap = twoBlanks(rest[...]) {
        return wrap(own + rest[..<gap] + "  " + sentence(String(rest[gap...].drop { $0 == " " })), Self.width)
      }
      let said = english == HelpWords.mistake ? mistake(rest) : sentence(rest)
      return wrap(own + (rest.hasPrefix("ukey") ? placeholders(said) : said), Self.width)
    }
    guard line.hasPrefix("  ") else { return wrap(sentence(line), Self.width) }
    let body = line.drop { $0 == " " }
    // A description under a label that is too long to stand beside it.
    if line.prefix(Self.column).allSatisfy({ $0 == " " }) { return item("", String(body)) }
    guard let gap = twoBlanks(body) else {
      let known = words.sentence(String(body))
      return [known.map { "  " + $0 } ?? (body.hasPrefix("See '") ? "  " + see(body) : line)]
    }
    let label = String(body[..<gap]).replacing(" (default)", words.isDefault)
    return item(label, String(body[gap...].drop { $0 == " " }))
  }

  /// `ukey renew <subcommand>`
  private func placeholders(_ usage: String) -> String {
    usage.replacing("<subcommand>", words.subcommand).replacing("[<options>]", "[" + words.options + "]")
      .replacing("<options>", words.options)
  }

  /// `  LABEL                 words`, folded under their own column.
  private func item(_ label: String, _ description: String) -> [String] {
    Self.item(label, folded: sentence(description))
  }

  private static func item(_ label: String, folded description: String) -> [String] {
    let lines = wrap(description, width - column)
    let blank = String(repeating: " ", count: column)
    let head = "  " + label
    guard !label.isEmpty else { return lines.map { blank + $0 } }
    guard textWidth(head) < column - 1 else { return [head] + lines.map { blank + $0 } }
    let first = head + String(repeating: " ", count: column - textWidth(head)) + (lines.first ?? "")
    return [first] + lines.dropFirst().map { blank + $0 }
  }

  private func twoBlanks(_ text: Substring) -> Substring.Index? {
    var before: Character?
    for index in text.indices {
      if text[index] == " ", before == " " { return text.index(before: index) }
      before = text[index]
    }
    return nil
  }

  /// A sentence with what the parser adds behind it: `(values: a, b; default: a)`.
  func sentence(_ text: String) -> String {
    if text.hasPrefix("ukey") || text.isEmpty { return text }
    if let known = words.sentence(text) { return known }
    if text.hasSuffix(")"), let start = text.range(of: " (", backwards: true) {
      let inside = String(text[start.upperBound...].dropLast())
      if inside.hasPrefix("values: ") || inside.hasPrefix("default: ") {
        let added = inside.replacing("values: ", words.values).replacing("; default: ", words.defaultBehind)
          .replacing("default: ", words.defaultValue)
        let base = String(text[..<start.lowerBound])
        return sentence(base) + marks.paren(added)
      }
    }
    for (english, own) in words.beginnings where text.hasPrefix(english) {
      return own + text.dropFirst(english.count)
    }
    return text
  }

  /// What is wrong with an argument: the names and values in it stay as they were typed.
  private func mistake(_ text: String) -> String {
    if let known = words.sentence(text) { return known }
    return words.phrases.reduce(sentence(text)) { $0.replacing($1.0, $1.1) }
  }

  /// `See 'ukey pin --help' for more information.`
  private func see(_ text: Substring) -> String {
    let parts = text.split(separator: "'")
    return parts.count == 3 ? words.see + parts[1].replacing("<subcommand>", words.subcommand) : String(text)
  }
}

extension StringProtocol {
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.range(of: old, backwards: false) {
      result += rest[..<range.lowerBound] + new
      rest = rest[range.upperBound...]
    }
    return result + rest
  }

  fileprivate func range(of wanted: String, backwards: Bool) -> Range<Index>? {
    let all = backwards ? Array(indices.reversed()) : Array(indices)
    for start in all where self[start...].hasPrefix(wanted) {
      return start..<index(start, offsetBy: wanted.count)
    }
    return nil
  }
}
