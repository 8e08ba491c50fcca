import ArgumentParser
import Wording

/// A mistake in the arguments by which a PIN may have been typed into the command: it is not repeated.
///
/// Commands that take a PIN have `--pin-fd` and no arguments of their own, so whatever stands there without a name, or under one
/// that speaks of a PIN, may be one.
struct PINOnCommandLine {
  /// The parser's lines after the mistake: usage, and where to read more.
  private let usage: String

  /// - Parameter text: of the parser, in its own language. `nil` when no PIN can be in it.
  init?(_ text: String) {
    guard let end = text.firstIndex(of: "\n"), Self.takesPIN(text[end...]) else { return nil }
    let mistake = text[..<end].lowercased()
    let isNameless = mistake.contains("unexpected argument")
    let isNamed = mistake.contains("unknown option") && (mistake.contains("pin") || mistake.contains("pass"))
    guard isNameless || isNamed else { return nil }
    usage = String(text[text.index(after: end)...])
  }

  /// Whether the command of a usage line (`Usage: ukey pin change <options>`) has an option for a PIN.
  private static func takesPIN(_ usage: Substring) -> Bool {
    guard let line = usage.split(separator: "\n").first(where: { $0.hasPrefix("Usage: ") }) else { return false }
    let words = line.split(separator: " ").dropFirst(2).prefix { $0.first?.isLetter == true }.map(String.init)
    guard let command = CommandWords.command(words, UKey.self) else { return false }
    return UKey.helpMessage(for: command, columns: HelpText.unfolded).contains("--pin-fd ")
  }

  func text(_ language: Language) -> String {
    let usage = HelpText(language)?.translated(usage) ?? usage
    return PINCommandWords[language].asArgument + "\n" + usage
  }
}
