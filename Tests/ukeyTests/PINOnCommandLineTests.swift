import ArgumentParser
import Testing
import Wording

@testable import ukey

/// A PIN typed as an argument is not printed again, and the holder is told where it still stands.
@Suite struct PINOnCommandLineTests {
  private func message(_ words: [String]) throws -> String {
    do {
      _ = try UKey.parseAsRoot(words)
    } catch {
      return UKey.fullMessage(for: error, columns: HelpText.unfolded)
    }
    throw TestFailure.parsed
  }

  private enum TestFailure: Error { case parsed }

  @Test(arguments: [
    ["pin", "verify", "918273"], ["pin", "verify", "--pin", "918273"], ["pin", "verify", "--pin=918273"],
    ["pin", "change", "918273", "adcb12"], ["pin", "change", "--new-pin", "918273"], ["login-test", "918273"],
    ["login-test", "--password", "918273"], ["unlock", "admin", "918273"],
  ])
  func isNotRepeated(_ words: [String]) throws {
    let mistake = try #require(PINOnCommandLine(try message(words)))
    for language in Language.allCases {
      let text = mistake.text(language)
      #expect(!text.contains("918273") && !text.contains("adcb12"))
      #expect(text.contains("history -d") && text.contains("--pin-fd"))
    }
  }

  /// Everything else is told as it was typed.
  @Test(arguments: [["status", "918273"], ["pin", "verify", "--jsno"], ["pin", "verify", "--lang", "918273"]])
  func otherMistakesAreTold(_ words: [String]) throws { #expect(PINOnCommandLine(try message(words)) == nil) }
}
