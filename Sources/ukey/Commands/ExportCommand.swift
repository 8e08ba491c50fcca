import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import ManagerApp
import StrictJSON
import TokenKit
import Wording

/// `ukey export --all`: every certificate of every key into a folder.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write every certificate of every key into a folder, with a list of them.",
    discussion: """
      Names are made of owner, use and the end of the serial number. certificates.csv beside them says which file holds what. \
      For one certificate: ukey cert export.
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable {
    case pem
    case der
  }

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Every certificate; there is no other choice yet, so that nothing is written by mistake.")
  var all = false

  @Option(help: "As PEM, or as DER.")
  var format: Form = .pem

  @Flag(help: "Overwrite existing files.")
  var force = false

  @Argument(help: "The folder; it is made where it is missing.", completion: .directory)
  var folder: String

  func validate() throws {
    guard all else { throw ValidationError("--all is needed; for one certificate: ukey cert export FILE") }
  }

  func run() throws {
    do throws(Failure) {
      let reports = try keys.selection.collect()
      let snapshots = reports.compactMap(\.snapshot)
      if snapshots.isEmpty {
        throw reports.compactMap(\.failure).first ?? Failure(reports.isEmpty ? .noReader : .noCard)
      }
      let files = ExportFolder(
        snapshots.flatMap(\.filledPlaces), format: format == .pem ? .pem : .der, language: common.language)
      guard !files.items.isEmpty else { throw Failure(.certificateMissing) }
      try write(files)
    } catch {
      throw common.fail(error)
    }
  }

  private func write(_ files: ExportFolder) throws(Failure) {
    let words = CertificateCommandWords[common.language]
    let lines =
      [InventoryTable.line(words.columns)]
      + files.items.map { item in
        InventoryTable.line([
          item.name, item.certificate.owner, item.certificate.uscc?.code ?? "", item.place.role.rawValue,
          item.certificate.serialText, LocalTime.date(item.certificate.validity.notAfter),
          item.place.keySerial?.text ?? "",
        ])
      }
    let target = absolutePath(folder)
    let overwrites = Overwriting.isAgreed(
      (files.items.map(\.name) + [ExportFolder.list]).map { target + "/" + $0 }, force: force, common)
    let list = lines.joined(separator: "\n") + "\n"
    let interrupt = HeldInterrupt()
    var progress = ProgressLine(total: files.items.count, common.language)
    defer { progress.clear() }
    let path = try files.write(to: folder, overwrite: overwrites, list: list, goesOn: { !interrupt.isThere }) {
      item, path in
      progress.step {
        if !common.json { Output.note(words.written(item.place.summary(common.language), path + "/" + item.name)) }
      }
    }
    interrupt.end()
    if common.json { Output.line(json(files.items, path).text) }
  }

  private func json(_ items: [ExportFolder.Item], _ path: String) -> JSONValue {
    let status = StatusJSON(
      now: Int64(time(nil)), reminderDays: Settings.current.reminderDays, language: common.language)
    return .object([
      ("schema", "ukey.export/1"), ("time", documentTime(status.now)), ("folder", .string(path)),
      (
        "files",
        .array(
          items.map { item in
            .object([
              ("file", .string(item.name)), ("key", KeyReference(item.place).json),
              ("keySerial", item.place.keySerial.map { .string($0.text) }),
              ("certificate", status.certificate(item.certificate, role: item.place.role.rawValue)),
            ])
          })
      ),
    ])
  }
}
