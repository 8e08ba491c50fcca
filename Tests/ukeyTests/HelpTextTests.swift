import ArgumentParser
import Base
import Failures
import Testing
import Wording

@testable import ukey

/// The parser's help and its messages in Chinese: nothing that is a name is touched, nothing runs over the line.
struct HelpTextTests {
  @Test func theLanguageIsTheOneAskedForThoughNothingWasParsed() {
    #expect(HelpText.language(["ukey", "--lang", "zh", "--nonsense"]) == .zh)
    #expect(HelpText.language(["ukey", "status", "--lang=en"]) == .en)
    #expect(HelpText.language(["ukey", "--lang"]) == OutputChoice.localeLanguage)
    #expect(HelpText.language(["ukey", "--lang", "fr"]) == OutputChoice.localeLanguage)
  }

  @Test func helpIsToldFromOtherTexts() {
    #expect(HelpText.isHelp("OVERVIEW: x") && HelpText.isHelp("USAGE: ukey") && !HelpText.isHelp("0.1.0"))
  }

  @Test func theWholeHelpFitsTheTerminalAndKeepsItsNames() throws {
    for command in [UKey.self, StatusCommand.self, PINCommand.self] as [any ParsableCommand.Type] {
      let english = UKey.helpMessage(for: command, columns: HelpText.unfolded)
      let chinese = try #require(HelpText(.zh)).translated(english)
      #expect(chinese.hasPrefix("概述：") && chinese.contains("用法："))
      for line in chinese.split(separator: "\n") where !line.contains("ukey ") {
        #expect(textWidth(String(line)) <= 80)
      }
      for word in english.split(whereSeparator: \.isWhitespace) where word.hasPrefix("--") {
        #expect(chinese.contains(word.prefix { $0 != "," && $0 != "]" }), "\(word)")
      }
    }
  }

  @Test func aMistakeKeepsWhatWasTyped() throws {
    let said = try #require(HelpText(.zh)).translated("Error: Unknown option '--jsno'. Did you mean '--json'?")
    #expect(
      said.hasPrefix("错误：") && said.contains("'--jsno'") && said.contains("'--json'") && !said.contains("Unknown"))
  }

  @Test func placesAndWhatIsMeantByItselfAreTranslated() throws {
    let english = UKey.helpMessage(for: BusinessCommands.Renew.self, columns: HelpText.unfolded)
    let said = try #require(HelpText(.zh)).translated(english)
    #expect(said.contains("用法：ukey renew <子命令>") && said.contains("request（默认）  "))
    #expect(!said.contains("<subcommand>") && !said.contains("(default)"))
  }

  @Test func severalArgumentsTooMany() throws {
    let said = try #require(HelpText(.zh)).translated("Error: 2 unexpected arguments: 'a', 'b'")
    #expect(said == "错误：2 个多余的参数：'a', 'b'")
  }

  @Test func whatIsNotKnownStaysAsItWas() {
    #expect(HelpText(.zh)?.translated("Some sentence of a later version.") == "Some sentence of a later version.")
    #expect(HelpText(.zh)?.translated("") == "")
  }
}
