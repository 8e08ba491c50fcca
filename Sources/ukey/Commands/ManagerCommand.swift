import ArgumentParser
import CertificateKit
import DiagnosisKit
import Failures
import Glibc
import KeyService
import ManagerApp
import TokenKit
import Wording

/// `ukey` alone: the manager in a terminal, the status anywhere else.
struct ManagerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manager", abstract: "Open the manager (the default in a terminal).", shouldDisplay: false)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Option(help: ArgumentHelp("Days before the end that count as expiring.", valueName: "days"))
  var reminderDays = Settings.current.reminderDays

  @Flag(help: "Use the mouse; the terminal's own text selection is then off.")
  var mouse = false

  @Flag(
    help: """
      The window as numbered questions, line by line: for screen readers, braille displays, terminals that cannot place \
      the cursor, and scripts. Chosen by itself on such a terminal.
      """)
  var plain = false

  @OptionGroup var trusting: TrustOptions

  @Flag(help: "The diagnosis (F4) makes no connection that leaves this computer.")
  var noNetwork = false

  @Option(help: ArgumentHelp("The platform that the diagnosis (F4) connects to.", valueName: "host:port"))
  var platform: String?

  @Option(help: ArgumentHelp("Write the window's log (l) to this file too.", valueName: "file"))
  var logFile: String?

  @Flag(help: .hidden)
  var traceTiming = false

  func validate() throws {
    if let platform, Endpoint(platform) == nil { throw ValidationError("--platform takes HOST:PORT") }
  }

  func run() throws {
    let code = ManagerJob(
      output: common.output, keys: keys.selection, trust: trusting.choice, reminderDays: reminderDays, mouse: mouse,
      isPlain: plain, logFile: logFile, traceTiming: traceTiming,
      platform: noNetwork ? nil : platform.flatMap { Endpoint($0) } ?? Settings.current.platform
    ).run()
    if code != 0 { throw ExitCode(code) }
  }
}

/// The work of `ukey` alone.
struct ManagerJob {
  var output: OutputChoice
  var keys: KeySelection
  var trust = TrustChoice()
  var reminderDays = Settings.current.reminderDays
  var mouse = false
  /// Lines in place of the window, also where there is no terminal.
  var isPlain = false
  /// Lines of the window's log are put at its end.
  var logFile: String?
  var traceTiming = false
  /// What the diagnosis connects to; `nil`: nothing outside this computer.
  var platform = Settings.current.platform

  /// What F6 writes of several certificates: the lists of `ukey list`.
  private static func listText(
    _ keys: [TokenSnapshot], _ only: CertificatePlace?, _ form: ListForm, reminderDays: Int, _ language: Language
  ) -> String {
    let now = Int64(time(nil))
    var inventory = Inventory(keys.map { ReaderReport(source: $0.source, content: .key($0)) }, now: now)
    inventory.reminderDays = reminderDays
    if let only { inventory.rows.removeAll { $0.place.source != only.source || $0.place.path != only.path } }
    switch form {
    case .csv:
      return InventoryTable(inventory: inventory, language: language).csv.joined(separator: "\n") + "\n"
    case .json:
      return inventory.json(
        StatusJSON(now: now, reminderDays: reminderDays, language: language)
      ).text + "\n"
    }
  }

  func run() -> Int32 {
    guard isPlain || (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1), !output.json else {
      return StatusJob(output: output, keys: keys, trust: trust, reminderDays: reminderDays).run().rawValue
    }
    let (trust, days, language) = (trust, reminderDays, output.language)
    do throws(Failure) {
      let writeLog = try logFile.map { file throws(Failure) in try LogFile.opened(file) }
      let hub = try keys.hub()
      let arguments = keys.serviceArguments
      let service = ManagerService(link: try ManagerLink(ServiceFiles()), operations: hub) {
        do throws(Failure) {
          try ServiceLaunch(arguments: arguments).run()
          return nil
        } catch {
          return error
        }
      }
      let options = ManagerOptions(
        language: output.language, reminderDays: reminderDays, isDemo: keys.demo, mouse: mouse,
        verify: { certificate in
          // Read when a certificate is looked at closely, on a thread of its own: not at start-up.
          trust.directory?.verify(certificate, at: Int64(time(nil))) ?? .noTrustAnchors
        }, trust: { trust.directory },
        diagnosis: DiagnosisService.standard(keys, platform: platform, reminderDays: reminderDays),
        keyService: service, traceTiming: traceTiming, writeLog: writeLog,
        list: { Self.listText($0, $1, $2, reminderDays: days, language) })
      return try run(hub, options)
    } catch {
      return output.report(error).rawValue
    }
  }

  /// The window; where the terminal cannot show it, or lines are wanted, lines.
  private func run(_ hub: KeyHub, _ options: ManagerOptions) throws(Failure) -> Int32 {
    let source = keys.choice.isOpen ? hub as any KeyEventSource : ChosenKeys(hub, keys.choice)
    if !isPlain {
      do throws(Failure) {
        return try runManager(source: source, operations: hub, options: options)
      } catch {
        // Thrown before anything was begun.
        guard error.code == .terminalUnsuitable else { throw error }
      }
    }
    return try runPlainManager(source: source, operations: hub, options: options, isInstead: !isPlain)
  }
}
