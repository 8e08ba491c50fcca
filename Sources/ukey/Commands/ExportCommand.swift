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

  /// Which file holds what.
  private static let list = "certificates.csv"

  private struct Item {
    var name: String
    var place: CertificatePlace
    var certificate: Certificate
  }

  func run() throws {
    do throws(Failure) {
      let reports = try keys.selection.collect()
      let snapshots = reports.compactMap(\.snapshot)
      if snapshots.isEmpty {
        throw reports.compactMap(\.failure).first ?? Failure(reports.isEmpty ? .noReader : .noCard)
      }
      let items = named(snapshots.flatMap(\.filledPlaces))
      guard !items.isEmpty else { throw Failure(.certificateMissing) }
      try write(items)
    } catch {
      throw common.fail(error)
    }
  }

  /// One name each; a certificate that several places hold is written once.
  private func named(_ places: [CertificatePlace]) -> [Item] {
    let words = Words[common.language]
    var taken: Set<String> = []
    var seen: Set<[UInt8]> = []
    return places.compactMap { place in
      guard let certificate = place.certificate.value, seen.insert(certificate.der).inserted else { return nil }
      let stem = exportName(certificate, role: words.roleShort(place.role))
      let ending = format == .pem ? ".pem" : ".cer"
      var name = stem + ending
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(stem)-\(number)" + ending
        number += 1
      }
      return Item(name: name, place: place, certificate: certificate)
    }
  }

  private func write(_ items: [Item]) throws(Failure) {
    let path = absolutePath(folder)
    if mkdir(path, 0o755) != 0, errno != EEXIST {
      throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(path))
    }
    let output = try Failure.mapping(.fileWrite, try OutputFolder(path))
    let names = items.map(\.name) + [Self.list]
    let overwrites = Overwriting.isAgreed(names.map { path + "/" + $0 }, force: force, common)
    func put(_ bytes: [UInt8], _ name: String) throws(Failure) {
      switch output.write(bytes, name: name, overwrite: overwrites, mode: 0o644, durable: false) {
      case .written: return
      case .exists: throw Failure(.fileExists, context: displaySafe(path + "/" + name))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
    }
    let words = CertificateCommandWords[common.language]
    for item in items {
      try put(format == .pem ? Array(item.certificate.pem.utf8) : item.certificate.der, item.name)
      if !common.json { Output.note(words.written(item.place.summary(common.language), path + "/" + item.name)) }
    }
    let lines =
      [InventoryTable.line(words.columns)]
      + items.map { item in
        InventoryTable.line([
          item.name, item.certificate.owner, item.certificate.uscc?.code ?? "", item.place.role.rawValue,
          item.certificate.serialText, LocalTime.date(item.certificate.validity.notAfter),
          item.place.keySerial?.text ?? "",
        ])
      }
    try put(Array((lines.joined(separator: "\n") + "\n").utf8), Self.list)
    if common.json { Output.line(json(items, path).text) }
  }

  private func json(_ items: [Item], _ path: String) -> JSONValue {
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
