import ArgumentParser
import Base
import Failures
import Glibc
import TokenKit
import Wording

/// The program. Alone in a terminal it opens the manager; anywhere else it prints the status.
@main
struct UKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ukey", abstract: "\(Authority.current.name)管理工具 · 终端版: certificates, PIN and diagnosis of U-Keys.",
    version: ProgramVersion.number,
    subcommands: [
      ManagerCommand.self, StatusCommand.self, ListCommand.self, CertificateCommand.self, ExportCommand.self,
      PINCommand.self,
      UnlockCommand.self, BusinessCommands.Renew.self, BusinessCommands.Reissue.self, BusinessCommands.Change.self,
      DeskCommand.self,
      DoctorCommand.self, LoginTestCommand.self, ServeCommand.self, WatchCommand.self, IntakeCommand.self,
      ProviderCommand.self, NameCommand.self, CompareCommand.self,
      ExplainCommand.self, GuideCommand.self, ManualCommand.self, ProbeLibraryCommand.self,
      SoftTokenCommand.self,
    ],
    defaultSubcommand: ManagerCommand.self)

  /// When the program began: what is promised to end in a time counts from here.
  static let began = Instant.now

  static func main() {
    _ = began
    let arguments = ProgramArguments.all
    Secrecy.beginProgram()
    Output.reserveStandardDescriptors()
    // A limit to the size of files is told by who writes one, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    if let host = HostInvocation(arguments) { host.run() }
    SettingsInForce.begin()
    if let version = VersionText(arguments.dropFirst()) {
      Output.line(version.text)
      end(ProgramExit.ok.rawValue)
    }
    if let plain = PlainInvocation(Array(arguments.dropFirst())) { end(plain.run()) }
    do {
      let words: [String]
      switch CommandWords(Array(arguments.dropFirst()), root: UKey.self) {
      case .parse(let meant): words = meant
      case .unknown(let word, let near, let group):
        Output.note(CommandWords.text(word, near: near, group: group, HelpText.language(arguments)))
        end(ProgramExit.usage.rawValue)
      }
      var command = try parseAsRoot(words)
      try command.run()
      end(ProgramExit.ok.rawValue)
    } catch let error as ExitCode {
      end(error.rawValue)
    } catch {
      // Help and version come this way too, with code 0; a mistake in the arguments is 2 by the contract.
      let help = HelpText(HelpText.language(arguments))
      let text = fullMessage(for: error, columns: help == nil ? nil : HelpText.unfolded)
      guard exitCode(for: error).isSuccess else {
        if let mistake = PINOnCommandLine(fullMessage(for: error, columns: HelpText.unfolded)) {
          Output.note(mistake.text(HelpText.language(arguments)))
          end(ProgramExit.usage.rawValue)
        }
        if let misplaced = CommandWords.misplaced(
          Array(arguments.dropFirst()), UKey.self, HelpText.language(arguments))
        {
          Output.note(drawn(misplaced))
          end(ProgramExit.usage.rawValue)
        }
        Output.note(drawn(help?.translated(text) ?? text))
        end(ProgramExit.usage.rawValue)
      }
      if HelpText.isHelp(text) {
        let language = HelpText.language(arguments)
        Output.line((help?.translated(text) ?? text) + HelpText.examples(below: text, language))
      } else {
        Output.line(fullMessage(for: error))
      }
      end(ProgramExit.ok.rawValue)
    }
  }

  /// A mistake is told with the word itself, which may be the name of somebody's file: no word of it draws.
  private static func drawn(_ mistake: String) -> String {
    mistake.split(separator: "\n", omittingEmptySubsequences: false).map { displaySafe(String($0)) }.joined(
      separator: "\n")
  }

  /// Ends at once, without the clean-up of libraries: a thread may still be inside one, waiting for a card.
  private static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(Output.code(code, language: HelpText.language(ProgramArguments.all)))
  }
}
