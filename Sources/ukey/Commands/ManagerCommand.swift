import ArgumentParser
import Failures
import Glibc
import ManagerApp
import TokenKit

/// `ukey` alone: the manager in a terminal, the status anywhere else.
struct ManagerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manager", abstract: "Open the manager (the default in a terminal).", shouldDisplay: false)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Option(help: ArgumentHelp("Days before the end that count as expiring.", valueName: "days"))
  var reminderDays = 60

  @Flag(help: "Use the mouse; the terminal's own text selection is then off.")
  var mouse = false

  @Flag(help: .hidden)
  var traceTiming = false

  func run() throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, !common.json else {
      var status = StatusCommand()
      status.common = common
      status.keys = keys
      status.reminderDays = reminderDays
      status.retired = false
      try status.run()
      return
    }
    let code: Int32
    do throws(Failure) {
      let hub = KeyHub(providers: try keys.providers())
      code = try runManager(
        source: hub,
        options: ManagerOptions(
          language: common.language, reminderDays: reminderDays, isDemo: keys.demo, mouse: mouse,
          traceTiming: traceTiming))
    } catch {
      throw common.fail(error)
    }
    if code != 0 { throw ExitCode(code) }
  }
}
