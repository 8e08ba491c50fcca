import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import TokenKit
import Wording

/// `ukey status`: every key, whose certificate it holds and how long it is valid.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show each key, its certificates, their validity and the PIN tries left.",
    discussion: """
      Exit code: 0 ok, 3 expiring within the reminder window, 4 expired or not yet valid, 5 no key, \
      6 no certificate, 8 PIN locked, 10 service or driver fault.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Option(help: ArgumentHelp("Days before the end that count as expiring.", valueName: "days"))
  var reminderDays = Settings.current.reminderDays

  @Flag(help: "Also the retired slots 82 to 95 of PIV cards.")
  var retired = false

  @OptionGroup var trusting: TrustOptions

  func run() throws {
    let code = StatusJob(
      output: common.output, keys: keys.selection, trust: trusting.choice, reminderDays: reminderDays, retired: retired
    ).run()
    if code != .ok { throw ExitCode(code.rawValue) }
  }
}

/// The work of `ukey status`.
struct StatusJob {
  var output: OutputChoice
  var keys: KeySelection
  var trust = TrustChoice()
  var reminderDays = Settings.current.reminderDays
  var retired = false

  func run() -> ProgramExit {
    // OpenSSL takes a millisecond to find its decoders the first time; the card takes as long to be connected.
    _ = WorkerThread.start { Certificate.warmUp() }
    let now = Int64(time(nil))
    let reports: [ReaderReport]
    do throws(Failure) {
      reports = try keys.collect(ReadOptions(retiredSlots: retired))
    } catch {
      return output.report(error)
    }
    if output.json {
      let json = StatusJSON(now: now, reminderDays: reminderDays, language: output.language, trust: trust.directory)
      Output.line(json.document(reports, isDemo: keys.demo).text)
    } else {
      let text = StatusText(now: now, reminderDays: reminderDays, language: output.language, trust: trust.directory)
      Output.line(text.document(reports, isDemo: keys.demo))
      let snapshots = reports.compactMap { if case .key(let snapshot) = $0.content { snapshot } else { nil } }
      for line in RenewalNotes.lines(snapshots, output.language) { Output.note(line) }
    }
    return ProgramExit(status: reports, now: now, reminderDays: reminderDays)
  }
}
