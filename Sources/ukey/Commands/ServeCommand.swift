import ArgumentParser
import Failures
import Glibc
import KeyService
import StrictJSON
import TokenKit
import Wording

/// `ukey serve`: the service that web pages speak to, and what its holder decides about it.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "The service on this computer that the login button of web pages calls.",
    discussion: "Alone it runs the service until it is interrupted. Exit code: 0, or 10 when it runs already.",
    subcommands: [
      Run.self, Start.self, Stop.self, Status.self, Enable.self, Disable.self, Origins.self, TTY.self, Trust.self,
      Untrust.self,
    ],
    defaultSubcommand: Run.self)

  /// Becomes the service: signals, the journal and the exit code are its own.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the service until it is interrupted.", shouldDisplay: false)

    @OptionGroup var common: CommonOptions

    @OptionGroup var keys: ServiceKeys

    @Flag(help: .hidden)
    var anyPort = false

    @Option(help: .hidden)
    var adapters: String?

    func run() throws {
      let path: String
      do throws(Failure) {
        path = try ServiceBinary.find()
        if let running = try? ControlClient(ServiceFiles()).status() {
          throw Failure(.keyServiceRunning, context: "pid \(running.pid)")
        }
      } catch {
        throw common.fail(error)
      }
      var arguments = [ServiceBinary.name] + keys.arguments
      if anyPort { arguments.append("--any-port") }
      if let adapters { arguments += ["--adapters", adapters] }
      if let language = common.lang { setenv("LC_ALL", language.locale, 1) }
      var words = arguments.map { strdup($0) } + [nil]
      execv(path, &words)
      throw common.fail(
        Failure(.keyServiceProgram, function: "execv", number: .errno(errno), context: displaySafe(path)))
    }
  }

  /// Which keys the service works with.
  struct ServiceKeys: ParsableArguments {
    @Flag(help: "The embedded software token with sample certificates (演示/DEMO) instead of real keys.")
    var demo = false

    @Option(
      help: ArgumentHelp(
        "Where keys are looked for: pcsc, skf:PATH, pkcs11:PATH; may be given more than once.", valueName: "provider"))
    var provider: [String] = []

    var arguments: [String] { KeySelection(demo: demo, provider: provider).serviceArguments }
  }

  struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start the service in the background; it goes on when the terminal closes.")

    @OptionGroup var common: CommonOptions

    @OptionGroup var keys: ServiceKeys

    func run() throws {
      do throws(Failure) { try ServiceLaunch(arguments: keys.arguments).run() } catch { throw common.fail(error) }
      try Status.print(common)
    }
  }

  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the service.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      do throws(Failure) {
        _ = try ControlClient(ServiceFiles()).carryOut(.stop)
      } catch {
        throw common.fail(error)
      }
      if common.json {
        Output.line(JSONValue.object([("schema", "ukey.serve-stop/1"), ("running", .bool(false))]).text)
      } else {
        Output.line(Symbol.ok.before(ServiceWords[common.language].stopping))
      }
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether it runs, its ports and who has one that it does not get, the sites that were allowed.",
      discussion: "Exit code: 0 it runs, 10 it does not.")

    @OptionGroup var common: CommonOptions

    func run() throws { try Self.print(common) }

    static func print(_ common: CommonOptions) throws {
      let report: ServiceReport
      do throws(Failure) {
        report = try ServiceReport(files: ServiceFiles(), language: common.language)
      } catch {
        throw common.fail(error)
      }
      Output.line(common.json ? report.json.text : report.text)
      if report.exit != .ok { throw ExitCode(report.exit.rawValue) }
    }
  }
}
