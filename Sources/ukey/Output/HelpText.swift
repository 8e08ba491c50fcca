import Base
import Failures

/// The argument parser's help and its messages about wrong arguments, in Chinese. The parser speaks English and folds by
/// characters; so its text is taken unfolded, each sentence looked up in ``HelpWords``, and folded anew by cells. What is
/// not there stays English.
enum HelpText {
  /// Wide enough that the parser folds nothing.
  static let unfolded = 100_000
  private static let width = 80
  /// Where the descriptions begin, as in the parser's own text.
  private static let column = 26

  static func isHelp(_ text: String) -> Bool { text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") }

  /// The language that the arguments ask for, though they were not parsed; else that of the locale.
  static func language(_ arguments: [String]) -> Language {
    for (index, argument) in arguments.enumerated() where argument == "--lang" && index + 1 < arguments.count {
      if let language = Language(rawValue: arguments[index + 1]) { return language }
    }
    for argument in arguments where argument.hasPrefix("--lang=") {
      if let language = Language(rawValue: String(argument.dropFirst(7))) { return language }
    }
    return OutputChoice.localeLanguage
  }

  /// - Parameter text: of the parser, unfolded.
  static func chinese(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { lines += chinese(line: String(line)) }
    return lines.joined(separator: "\n")
  }

  private static func chinese(line: String) -> [String] {
    for (english, chinese) in HelpWords.headings where line.hasPrefix(english) {
      let rest = String(line.dropFirst(english.count))
      // `Help:  --lang <lang>  What it is for.`
      if english == HelpWords.help, let gap = twoBlanks(rest[...]) {
        return wrap(chinese + rest[..<gap] + "  " + sentence(String(rest[gap...].drop { $0 == " " })), width)
      }
      return wrap(chinese + (english == HelpWords.mistake ? mistake(rest) : sentence(rest)), width)
    }
    guard line.hasPrefix("  ") else { return wrap(sentence(line), width) }
    let body = line.drop { $0 == " " }
    // A description under a label that is too long to stand beside it.
    if line.prefix(column).allSatisfy({ $0 == " " }) { return item("", String(body)) }
    guard let gap = twoBlanks(body) else {
      let known = HelpWords.sentence(String(body))
      return [known.map { "  " + $0 } ?? (body.hasPrefix("See '") ? "  " + see(body) : line)]
    }
    return item(String(body[..<gap]), String(body[gap...].drop { $0 == " " }))
  }

  /// `  LABEL                 words`, folded under their own column.
  private static func item(_ label: String, _ description: String) -> [String] {
    let words = wrap(sentence(description), width - column)
    let blank = String(repeating: " ", count: column)
    let head = "  " + label
    guard !label.isEmpty else { return words.map { blank + $0 } }
    guard textWidth(head) < column - 1 else { return [head] + words.map { blank + $0 } }
    let first = head + String(repeating: " ", count: column - textWidth(head)) + (words.first ?? "")
    return [first] + words.dropFirst().map { blank + $0 }
  }

  private static func twoBlanks(_ text: Substring) -> Substring.Index? {
    var before: Character?
    for index in text.indices {
      if text[index] == " ", before == " " { return text.index(before: index) }
      before = text[index]
    }
    return nil
  }

  /// A sentence with what the parser adds behind it: `(values: a, b; default: a)`.
  private static func sentence(_ text: String) -> String {
    if text.hasPrefix("ukey") || text.isEmpty { return text }
    if let known = HelpWords.sentence(text) { return known }
    if text.hasSuffix(")"), let start = text.range(of: " (", backwards: true) {
      let inside = String(text[start.upperBound...].dropLast())
      if inside.hasPrefix("values: ") || inside.hasPrefix("default: ") {
        let added = inside.replacing("values: ", "可选：").replacing("; default: ", "；默认：").replacing("default: ", "默认：")
        let base = String(text[..<start.lowerBound])
        return sentence(base) + "（" + added + "）"
      }
    }
    for (english, chinese) in HelpWords.beginnings where text.hasPrefix(english) {
      return chinese + text.dropFirst(english.count)
    }
    return text
  }

  /// What is wrong with an argument: the names and values in it stay as they were typed.
  private static func mistake(_ text: String) -> String {
    if let known = HelpWords.sentence(text) { return known }
    return HelpWords.phrases.reduce(sentence(text)) { $0.replacing($1.0, $1.1) }
  }

  /// `See 'ukey pin --help' for more information.`
  private static func see(_ text: Substring) -> String {
    let parts = text.split(separator: "'")
    return parts.count == 3 ? "详见：" + parts[1].replacing("<subcommand>", "<子命令>") : String(text)
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
