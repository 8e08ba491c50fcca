import ArgumentParser
import Base
import Testing
import Wording

@testable import ukey

/// Each command's help shows how it is used, and what it shows is what the program takes.
@Suite struct HelpExampleTests {
  private static func commands(
    _ command: any ParsableCommand.Type, _ words: [String] = []
  ) -> [(words: [String], command: any ParsableCommand.Type)] {
    [(words, command)]
      + command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.flatMap {
        commands($0, words + [$0._commandName])
      }
  }

  /// Words as a shell takes them, without what it takes for itself.
  private static func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init).filter { !$0.contains("<") }
  }

  @Test func everyCommandHasExamplesThatParse() throws {
    let all = Self.commands(UKey.self)
    #expect(all.count > 40)
    for (words, _) in all {
      let name = words.joined(separator: " ")
      let examples = HelpExample.of(name)
      #expect(!examples.isEmpty, "\(name)")
      for example in examples {
        let typed = Self.words(example.line)
        #expect(typed.first == "ukey", "\(example.line)")
        #expect(CommandWords(Array(typed.dropFirst()), root: UKey.self) == .parse(Array(typed.dropFirst())))
        #expect(throws: Never.self, "\(example.line)") { try UKey.parseAsRoot(Array(typed.dropFirst())) }
        #expect(textWidth(example.line) <= 78)
      }
      #expect(examples.contains { Self.words($0.line).dropFirst().starts(with: words) }, "\(name)")
    }
  }

  @Test(arguments: Language.allCases) func theHelpShowsThem(_ language: Language) {
    for (words, command) in Self.commands(UKey.self) {
      let help = UKey.helpMessage(for: command, columns: HelpText.unfolded)
      let shown = HelpText.examples(below: help, language)
      for example in HelpExample.of(words.joined(separator: " ")) {
        #expect(shown.contains("  " + example.line) && !example.text(language).isEmpty, "\(words)")
      }
      #expect(shown.hasPrefix("\n" + HelpExample.heading(language)), "\(words)")
      #expect(shown.split(separator: "\n").allSatisfy { textWidth(String($0)) <= 80 }, "\(words)")
    }
  }
}
