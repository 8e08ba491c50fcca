import ArgumentParser
import Base
import Wording

/// One manual page (man(7)), made of the same words as the command's `--help`.
struct ManualPage {
  /// `ukey-pin-change.1`
  let file: String
  let roff: String

  /// Of the program and of every command that its help names.
  static func all(_ language: Language) -> [ManualPage] {
    pages(UKey.self, [], language)
  }

  private static func pages(
    _ command: any ParsableCommand.Type, _ words: [String], _ language: Language
  ) -> [ManualPage] {
    let path = words + [command._commandName]
    let children = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    return [ManualPage(command, path, children, language)] + children.flatMap { pages($0, path, language) }
  }

  private init(
    _ command: any ParsableCommand.Type, _ path: [String], _ children: [any ParsableCommand.Type], _ language: Language
  ) {
    let name = path.joined(separator: "-")
    let words = ManualWords[language]
    let help = ManualHelp(UKey.helpMessage(for: command, columns: HelpText.unfolded), HelpText(language))
    var page = Roff()
    page.title(name, Words[language].title)
    page.section(words.name)
    page.text(Roff.escape(name) + " \\- " + Roff.escape(help.abstract.withoutStop))
    page.section(words.synopsis)
    for usage in help.usage { page.usage(usage, command: path.count) }
    if !help.description.isEmpty { page.section(words.description) }
    page.paragraphs(help.description)
    for part in help.parts {
      switch part.heading {
      case "ARGUMENTS": page.section(words.arguments)
      case "OPTIONS": page.section(words.options)
      // Those of the program are told with the pages that they have.
      case "SUBCOMMANDS": continue
      default: page.section(part.title)
      }
      page.paragraphs(part.paragraphs)
      for item in part.items { page.item(Roff.label(item.label), item.text) }
    }
    if !children.isEmpty {
      page.section(words.commands)
      for child in children {
        let own = ManualHelp(UKey.helpMessage(for: child, columns: HelpText.unfolded), HelpText(language))
        page.item("\\fB" + Roff.escape(name + "-" + child._commandName) + "\\fR(1)", own.abstract)
      }
    }
    let examples = HelpExample.of(path.dropFirst().joined(separator: " "))
    if !examples.isEmpty { page.section(words.examples) }
    for example in examples { page.item("\\fB" + Roff.escape(example.line) + "\\fR", example.text(language)) }
    if path.count == 1 { Self.closing(&page, words, language) } else { Self.elsewhere(&page, words, path) }
    file = name + ".1"
    roff = page.text
  }

  /// What concerns all commands.
  private static func closing(_ page: inout Roff, _ words: ManualWords, _ language: Language) {
    page.section(words.exitStatus)
    for exit in ExplainWords[language].exits { page.item("\\fB\(exit.code)\\fR", exit.title) }
    page.section(words.environment)
    for item in words.variables { page.item("\\fB" + Roff.escape(item.name) + "\\fR", item.words) }
    page.section(words.files)
    for item in words.places { page.item("\\fI" + Roff.escape(item.name) + "\\fR", item.words) }
    page.section(words.seeAlso)
    page.text("\\fBpcscd\\fR(8), \\fBpinentry\\fR(1)")
    page.paragraphs([.text(words.documents)])
  }

  private static func elsewhere(_ page: inout Roff, _ words: ManualWords, _ path: [String]) {
    page.section(words.exitStatus)
    page.text(Roff.escape(words.exitElsewhere) + " \\fBukey\\fR(1)")
    page.section(words.seeAlso)
    var above = (1..<path.count).map { path.prefix($0).joined(separator: "-") }
    above.reverse()
    page.text(above.map { "\\fB" + Roff.escape($0) + "\\fR(1)" }.joined(separator: ", "))
  }
}

/// The argument parser's help of one command taken apart, its sentences in a language.
struct ManualHelp {
  struct Part {
    /// As the parser says it.
    var heading: String
    var title: String
    var items: [(label: String, text: String)] = []
    var paragraphs: [Paragraph] = []
  }

  enum Paragraph { case text(String), lines([String]) }

  private(set) var abstract = ""
  private(set) var description: [Paragraph] = []
  private(set) var usage: [String] = []
  private(set) var parts: [Part] = []

  /// - Parameter text: unfolded.
  init(_ text: String, _ translation: HelpText?) {
    func own(_ sentence: String) -> String { translation?.sentence(sentence) ?? sentence }
    var isUsage = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("OVERVIEW: ") {
        abstract = own(String(line.dropFirst("OVERVIEW: ".count)))
      } else if line.hasPrefix("USAGE: ") {
        usage.append(String(line.dropFirst("USAGE: ".count)))
        isUsage = true
      } else if line.hasSuffix(":"), line.first?.isUppercase == true, !line.contains(" ") || isUsage {
        parts.append(Part(heading: String(line.dropLast()), title: own(line)))
      } else if line.isEmpty || line.hasPrefix("  See '") {
        continue
      } else if parts.isEmpty, isUsage {
        usage.append(line.trimmed)
      } else if parts.isEmpty {
        description.add(line, own)
      } else {
        parts[parts.count - 1].add(line, own)
      }
    }
  }
}

extension ManualHelp.Part {
  fileprivate mutating func add(_ line: String, _ own: (String) -> String) {
    let text = line.trimmed
    guard line.hasPrefix("  ") else { return paragraphs.append(.text(own(text))) }
    // A description under a label that is too long to stand beside it.
    if line.hasPrefix("      "), let last = items.indices.last {
      items[last].text += (items[last].text.isEmpty ? "" : " ") + own(text)
      return
    }
    var before: Character?
    for index in text.indices {
      if text[index] == " ", before == " " {
        items.append((text[..<index].trimmed, own(text[index...].trimmed)))
        return
      }
      before = text[index]
    }
    items.append((text, ""))
  }
}

extension [ManualHelp.Paragraph] {
  fileprivate mutating func add(_ line: String, _ own: (String) -> String) {
    guard line.hasPrefix(" ") else { return append(.text(own(line))) }
    let known = own(line.trimmed)
    if case .lines(let lines)? = last { self[count - 1] = .lines(lines + [known]) } else { append(.lines([known])) }
  }
}

extension String {
  /// As a line of whatis(1) wants it.
  fileprivate var withoutStop: String { hasSuffix(".") || hasSuffix("。") ? String(dropLast()) : self }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
