import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import ManagerApp
import StrictJSON
import TokenKit
import Wording

/// `ukey cert`: the certificates themselves.
struct CertificateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cert", abstract: "List, show and export certificates.",
    subcommands: [List.self, Show.self, Export.self])

  /// Which certificate is meant when the key holds several.
  struct Selection: ParsableArguments {
    /// As it is printed, and the two short forms.
    enum Role: String, ExpressibleByArgument, CaseIterable {
      case sign
      case enc
      case signature
      case encryption
      case authentication
      case cardAuthentication
      case authority

      var role: ContainerSnapshot.Role {
        switch self {
        case .sign, .signature: .signature
        case .enc, .encryption: .encryption
        case .authentication: .authentication
        case .cardAuthentication: .cardAuthentication
        case .authority: .authority
        }
      }
    }

    @Option(
      help: ArgumentHelp("The container or PIV slot it is in; retired slots (82 to 95) too.", valueName: "name"),
      completion: CompletionValues.containers)
    var container: String?

    @Option(help: "What the certificate is for, as ukey cert list --json prints it; sign and enc for short.")
    var role: Role?

    @Option(
      help: ArgumentHelp("Its serial number, as any program prints it.", valueName: "hex"),
      completion: CompletionValues.serials)
    var serial: String?

    /// As it was asked for.
    var text: String {
      [("--container ", container), ("--role ", role?.rawValue), ("--serial ", serial)]
        .compactMap { name, value in value.map { name + $0 } }.joined(separator: " ")
    }

    /// The certificates that fit, as numbered by `ukey cert list`.
    func matches(_ row: CertificatePlace) -> Bool {
      if let container, !row.isInContainer(container) { return false }
      if let role, row.role != role.role { return false }
      guard let serial else { return true }
      return row.certificate.value?.hasSerial(serial) == true
    }

    /// What has to be read to find it: the retired slots take twenty more commands.
    var options: ReadOptions {
      ReadOptions(
        retiredSlots: serial != nil || container.map { PIVSlots.isRetired($0) } == true,
        extent: .certificates(container: container?.contains("/") == true ? nil : container))
    }

    var isEmpty: Bool { container == nil && role == nil && serial == nil }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One line a certificate.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions

    func run() throws {
      let now = Int64(time(nil))
      let rows = try certificateRows(
        keys, common, ReadOptions(retiredSlots: true, extent: .certificates(container: nil)))
      if common.json {
        let json = StatusJSON(now: now, reminderDays: Settings.current.reminderDays, language: common.language)
        Output.line(
          JSONValue.object([
            ("schema", "ukey.cert-list/1"), ("time", documentTime(now)),
            ("certificates", .array(rows.compactMap { row in row.json(json) })),
          ]).text)
      } else {
        if keys.demo { Output.note(Words[common.language].demo) }
        for line in CertificateTable(now: now, language: common.language).lines(rows) { Output.line(line) }
      }
      if rows.isEmpty {
        // An empty list is an answer for a script; a person is told.
        if !common.json {
          Output.note(FailureReport(failure: Failure(.certificateMissing), language: common.language).text)
        }
      }
      // As status says it: none that could be read is none; what was not looked at is not well.
      if !rows.contains(where: { $0.certificate.value != nil }) { throw ExitCode(ProgramExit.noCertificate.rawValue) }
      if rows.contains(where: { $0.certificate.failure != nil }) { throw ExitCode(ProgramExit.outcomeUnknown.rawValue) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print one certificate.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var selection: Selection

    enum Form: String, EnumerableFlag {
      case pem
      case der
      case text
    }

    @OptionGroup var trusting: TrustOptions

    @Flag(help: "As PEM, as DER, or in full as text (the default).")
    var form: Form = .text

    func run() throws {
      let row = try chosen(selection, keys, common)
      do throws(Failure) {
        guard let certificate = try row.readCertificate() else { return }
        if common.json {
          let json = StatusJSON(
            now: Int64(time(nil)), reminderDays: Settings.current.reminderDays, language: common.language,
            trust: trusting.choice.directory)
          Output.line(
            JSONValue.object([
              ("schema", "ukey.cert-show/1"), ("time", documentTime(json.now)), ("certificate", row.json(json)),
              ("sha256", .string(try certificate.fingerprintText(.sha256))),
              ("sm3", .string(try certificate.fingerprintText(.sm3))), ("pem", .string(certificate.pem)),
            ]).text)
          return
        }
        switch form {
        case .pem: Output.bytes(Array(certificate.pem.utf8))
        case .der: Output.bytes(certificate.der)
        case .text: Output.line(try certificate.text())
        }
      } catch {
        throw common.fail(error)
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write one certificate to a file: DER when the name ends in .der or .cer, PEM otherwise.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var selection: Selection

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "DER, whatever the name says.")
    var der = false

    @Flag(help: "Overwrite the file if it exists.")
    var force = false

    func run() throws {
      let row = try chosen(selection, keys, common)
      do throws(Failure) {
        guard let certificate = try row.readCertificate() else { return }
        let isDER = der || file.hasSuffix(".der") || file.hasSuffix(".cer")
        let job = ExportJob(
          certificate: certificate, format: isDER ? .der : .pem, path: file,
          overwrite: Overwriting.isAgreed([file], force: force, common))
        switch writeExport(job) {
        case .written(let path):
          if common.json {
            Output.line(json(row, path, job.format == .der ? "der" : "pem").text)
          } else {
            Output.note(CertificateCommandWords[common.language].written(row.summary(common.language), file))
          }
        case .exists: throw Failure(.fileExists, context: file)
        case .failed(let failure): throw failure
        }
      } catch {
        throw common.fail(error)
      }
    }
  }
}

extension CertificateCommand.Export {
  private func json(_ row: CertificatePlace, _ path: String, _ format: String) -> JSONValue {
    let status = StatusJSON(
      now: Int64(time(nil)), reminderDays: Settings.current.reminderDays, language: common.language)
    return .object([
      ("schema", "ukey.cert-export/1"), ("time", documentTime(status.now)), ("file", .string(path)),
      ("format", .string(format)), ("certificate", row.json(status)),
    ])
  }
}

/// All certificates of all keys asked for.
private func certificateRows(
  _ keys: KeyOptions, _ common: CommonOptions, _ options: ReadOptions
) throws -> [CertificatePlace] {
  do throws(Failure) {
    let reports = try keys.selection.collect(options)
    let snapshots = reports.compactMap(\.snapshot)
    if snapshots.isEmpty {
      throw reports.compactMap(\.failure).first ?? Failure(reports.isEmpty ? .noReader : .noCard)
    }
    return snapshots.flatMap(\.filledPlaces)
  } catch {
    throw common.fail(error)
  }
}

/// The one certificate meant of those that fit, of one key.
private func chosen(
  _ selection: CertificateCommand.Selection, _ keys: KeyOptions, _ common: CommonOptions
) throws -> CertificatePlace {
  let all = try certificateRows(keys, common, selection.options)
  let rows = all.filter(selection.matches)
  let meant = rows.allMeant
  guard let row = meant.first else {
    throw common.fail(
      all.isEmpty && selection.container == nil
        ? Failure(.certificateMissing) : Failure(.certificateUnmatched, context: selection.text))
  }
  // Of several keys none is guessed: the file would be another company's.
  let readers = rows.sources
  guard readers.count == 1 else {
    throw common.fail(Failure(.severalKeys, context: readers.map(\.reader).joined(separator: ", ")))
  }
  if selection.isEmpty {
    // The one that people mean: which that was is said.
    if rows.count > 1 {
      Output.note(CertificateCommandWords[common.language].taken(row.summary(common.language), rows.count))
    }
  } else if Set(meant.map { $0.certificate.value?.der ?? [] }).count > 1 {
    let names = meant.map { $0.summary(common.language, among: rows) }
    throw common.fail(Failure(.certificateAmbiguous, context: names.joined(separator: "; ")))
  }
  return row
}

extension CertificatePlace {
  /// - Throws: the failure with which it could not be read.
  fileprivate func readCertificate() throws(Failure) -> Certificate? {
    if let failure = certificate.failure { throw failure }
    return certificate.value
  }

  fileprivate func json(_ json: StatusJSON) -> JSONValue? {
    guard let value = certificate.value else { return nil }
    return .object([
      ("key", KeyReference(self).json), ("provider", .string(source.provider)), ("reader", .string(source.reader)),
      ("application", .string(application.name.text)),
      ("container", .string(container.name.text)),
      ("certificate", json.certificate(value, role: role.rawValue)),
    ])
  }
}
