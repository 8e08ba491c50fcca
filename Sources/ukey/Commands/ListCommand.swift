import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import TokenKit
import Wording

/// `ukey list`: all certificates of all keys in one table.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all certificates of all keys, the most urgent first.",
    discussion:
      "Exit code: 0 listed, 5 no key, 6 no certificate, 10 service or driver fault, 11 some could not be read.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Only those of which something must be done.")
  var problems = false

  @Option(help: ArgumentHelp("Only those that end within so many days, or have ended.", valueName: "days"))
  var expiring: Int?

  @Flag(help: "For a spreadsheet: comma-separated, as in RFC 4180.")
  var csv = false

  @Flag(help: "Also code, serial number and reader, however wide the terminal is.")
  var wide = false

  func run() throws {
    let now = Int64(time(nil))
    var inventory: Inventory
    let snapshots: [TokenSnapshot]
    do throws(Failure) {
      let reports = try keys.selection.collect()
      if !reports.contains(where: { $0.snapshot != nil }) {
        throw reports.compactMap(\.failure).first ?? Failure(reports.isEmpty ? .noReader : .noCard)
      }
      inventory = Inventory(reports, now: now)
      snapshots = reports.compactMap(\.snapshot)
    } catch {
      throw common.fail(error)
    }
    let isEmptyKey = inventory.rows.isEmpty
    let isUnread = inventory.rows.contains { $0.place.certificate.failure != nil }
    if problems { inventory = inventory.problems }
    if let expiring { inventory = inventory.expiring(within: expiring) }
    let table = InventoryTable(inventory: inventory, language: common.language)
    if common.json {
      let status = StatusJSON(now: now, reminderDays: inventory.reminderDays, language: common.language)
      Output.line(inventory.json(status).text)
    } else if csv {
      for line in table.csv { Output.line(line) }
    } else {
      if keys.demo { Output.note(Words[common.language].demo) }
      if inventory.rows.isEmpty, !isEmptyKey {
        Output.note(ListWords[common.language].nothing)
      } else if !inventory.rows.isEmpty {
        for line in table.lines(width: wide ? nil : terminalSize(STDOUT_FILENO)?.columns, isWide: wide) {
          Output.line(line)
        }
      }
      for line in RenewalNotes.lines(snapshots, common.language) { Output.note(line) }
    }
    guard isEmptyKey else {
      // What was not looked at is not well.
      if isUnread { throw ExitCode(ProgramExit.outcomeUnknown.rawValue) }
      return
    }
    if !common.json {
      Output.note(FailureReport(failure: Failure(.certificateMissing), language: common.language).text)
    }
    throw ExitCode(ProgramExit.noCertificate.rawValue)
  }
}
