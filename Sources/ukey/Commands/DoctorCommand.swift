import ArgumentParser
import Base
import CertificateKit
import DiagnosisKit
import Failures
import Glibc
import TokenKit
import Wording

/// `ukey doctor`: why the login button does nothing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Walk the chain from the terminal to the login and name the first broken link.",
    discussion: """
      Prints the first broken link, its cause and what to do; then the whole chain; then the evidence. Exit code: 0 no \
      broken link, 3 certificate expiring, 4 expired or not yet valid, 5 no key, 6 no certificate, 7 PIN wrong (--login), \
      8 PIN locked, 9 PIN not sent, 10 any other broken link, 11 a link is not known.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var looking: DoctorOptions
  @OptionGroup var asking: PINOptions

  @Option(help: ArgumentHelp("Write a report: .json, .md or .html. Personal data is shortened.", valueName: "file"))
  var report: String?

  @Flag(help: "Keep personal data in the report and in what is printed.")
  var full = false

  @Flag(help: "Overwrite the report file if it exists.")
  var force = false

  @Option(help: ArgumentHelp("Show a report (.json) that somebody else made.", valueName: "file"))
  var read: String?

  @Option(
    help: ArgumentHelp("Only this link and what it needs, by its id.", valueName: "id"),
    completion: CompletionValues.checks)
  var only: String?

  @Flag(help: "Also sign a challenge with the key and verify it; asks for the PIN.")
  var login = false

  @Flag(help: "Offer the repair also when this is no terminal; the yes is read from standard input.")
  var fix = false

  func validate() throws {
    if let only, CheckID(rawValue: only) == nil {
      throw ValidationError("--only: known links are " + CheckID.allCases.map(\.rawValue).joined(separator: ", "))
    }
    if let report, ReportFile(path: report, full: full, overwrite: force) == nil {
      throw ValidationError("--report: the name ends in .json, .md or .html")
    }
  }

  func run() throws {
    let code: ProgramExit
    do throws(Failure) {
      if let read {
        code = show(try ReportFile.read(read))
      } else {
        let overwrites = Overwriting.isAgreed([report], force: force, common)
        let selection = try keys.selection(profile: asking.profile).pinned()
        var options = looking.options(selection)
        let providers = try ProviderLookup.find(selection, for: &options)
        // Its time is that of the whole command: what waited for a home that does not answer is part of it.
        options.limit = max(options.limit / 4, options.limit - (Instant.now - UKey.began))
        options.only = only.flatMap(CheckID.init(rawValue:))
        if login || options.only == .login {
          let prepared = try LoginPreparation.prepare(
            selection, providers, asking: asking, common: common, reminderDays: options.reminderDays, now: options.now)
          options.login = prepared.test
          // What a login showed the diagnosis cannot see by itself.
          if prepared.isHidden { options.seen = [prepared.seen].compactMap { $0 } }
        }
        code = try DoctorJob(
          language: common.language, json: common.json, plain: looking.plain, full: full, options: options,
          providers: providers,
          report: report.flatMap { ReportFile(path: $0, full: full, overwrite: overwrites) }, offersFix: fix
        ).run()
      }
    } catch {
      throw common.fail(error)
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }

  private func show(_ document: DiagnosisDocument) -> ProgramExit {
    Output.line(
      common.json ? document.json(common.language).text : DiagnosisText(common.language).document(document))
    return ProgramExit(document)
  }
}

/// What a diagnosis looks at.
struct DoctorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Seconds for everything.", valueName: "seconds"))
  var timeout = 10

  @Flag(help: "Lines that are only ever added, as each link is found.")
  var plain = false

  @Flag(help: "No connection leaves this computer.")
  var noNetwork = false

  @Option(help: ArgumentHelp("The platform that is logged in to.", valueName: "host:port"))
  var platform: String?

  @Option(
    help: ArgumentHelp(
      "The local key service that the web page needs: a known name, or https://127.0.0.1:PORT.", valueName: "name"))
  var service: String?

  @Option(help: ArgumentHelp("A vendor library to be checked; may be given more than once.", valueName: "path"))
  var library: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read this login page and its scripts, run none, and say which services of this computer it calls.",
      valueName: "url|file"))
  var page: String?

  @Option(
    help: ArgumentHelp(
      "What is complained of; its links come first: button (login does nothing), key (not seen), pin (wrong), page (does not open).",
      valueName: "symptom"))
  var symptom: Symptom?

  @Option(help: ArgumentHelp("Days before the end that count as expiring.", valueName: "days"))
  var reminderDays = Settings.current.reminderDays

  @Option(help: ArgumentHelp("Read /sys, /etc and /usr of this recorded tree.", valueName: "dir"))
  var sysroot: String?

  func validate() throws {
    if let platform, Endpoint(platform) == nil { throw ValidationError("--platform takes HOST:PORT") }
    if let service, KnownService(service) == nil {
      throw ValidationError("--service: known are " + KnownService.all.map(\.name).joined(separator: ", "))
    }
    if let page, PageAddress(page) == nil { throw ValidationError("--page takes http://…, https://… or a file") }
    guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds") }
  }

  func options(_ keys: KeySelection) -> DiagnosisOptions {
    var options = DiagnosisOptions.ofThisMachine(keys)
    options.sysroot = sysroot ?? ""
    options.platform = noNetwork ? nil : platform.flatMap { Endpoint($0) } ?? Settings.current.platform
    options.keyService = service.flatMap { KnownService($0) }
    options.libraries = library
    options.reminderDays = reminderDays
    options.limit = .seconds(timeout)
    options.page = page.flatMap { PageAddress($0) }
    options.symptom = symptom ?? (page == nil ? nil : .button)
    return options
  }
}

extension Symptom: ExpressibleByArgument {}
