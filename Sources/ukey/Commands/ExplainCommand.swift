import ArgumentParser
import Failures
import StrictJSON
import Wording

/// `ukey explain`: what the program knows of a code, a cause or a word on its screens.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell what a failure code, a cause, an exit code or a word on the screen means.")

  @OptionGroup var common: CommonOptions

  @Argument(
    help: ArgumentHelp(
      "Such as UK-113, 113, pcscd-socket-missing, card.free, 8, or a word; without it all are listed.",
      valueName: "name"), completion: CompletionValues.names)
  var words: [String] = []

  func run() throws {
    let name = words.joined(separator: " ")
    let found = words.isEmpty ? Explanation.all : Explanation.matches(name)
    let language = common.language
    if found.isEmpty {
      Output.note(ExplainWords[language].nothing(displaySafe(name)))
      throw ExitCode(ProgramExit.usage.rawValue)
    }
    if common.json {
      Output.line(
        JSONValue.object([
          ("schema", "ukey.explain/1"), ("entries", .array(found.map { $0.json(language) })),
        ]).text)
    } else if found.count <= Self.most {
      Output.line(found.map { $0.text(language) }.joined(separator: "\n\n"))
    } else {
      if !words.isEmpty { Output.line(ExplainWords[language].found(found.count)) }
      for entry in found { Output.line((words.isEmpty ? "" : "  ") + entry.line(language)) }
    }
  }

  /// So many are told whole; of more a line each.
  private static let most = 3
}
