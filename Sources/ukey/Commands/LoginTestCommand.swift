import ArgumentParser
import DiagnosisKit
import Failures
import TokenKit

/// `ukey login-test`: the login signed and verified here, link by link.
struct LoginTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login-test",
    abstract: "Sign a challenge with the key and verify it with the certificate, link by link.",
    discussion: """
      Looks first at what needs no PIN: a link that is broken there costs no try. Exit code: 0 passed, 4 expired or not \
      yet valid, 5 no key, 6 no certificate, 7 PIN wrong, 8 locked, 9 not sent, 10 any other broken link, 11 outcome \
      unknown.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var asking: PINOptions

  @Option(
    help: ArgumentHelp("The container or PIV slot whose certificate is tested.", valueName: "name"),
    completion: CompletionValues.containers)
  var container: String?

  func run() throws {
    let code: ProgramExit
    do throws(Failure) {
      let selection = try keys.selection(profile: asking.profile).pinned()
      let providers = try selection.providers(for: .watching)
      let options = try Self.options(selection, providers, asking, common, container: container)
      code = try DoctorJob(
        language: common.language, json: common.json, plain: true, full: true, options: options, providers: providers
      ).run()
    } catch {
      throw common.fail(error)
    }
    if code != .ok { throw ExitCode(code.rawValue) }
  }

  /// The diagnosis of the login alone, with all that is asked of the user asked: what was read for that is not read again.
  ///
  /// - Throws: as ``LoginPreparation/prepare(_:_:asking:common:reminderDays:now:container:)``.
  static func options(
    _ selection: KeySelection, _ providers: [any TokenProvider], _ asking: PINOptions, _ common: CommonOptions,
    container: String?
  ) throws(Failure) -> DiagnosisOptions {
    var options = DiagnosisOptions.ofThisMachine(selection)
    options.platform = nil
    options.only = .login
    let prepared = try LoginPreparation.prepare(
      selection, providers, asking: asking, common: common, reminderDays: options.reminderDays, now: options.now,
      container: container)
    options.login = prepared.test
    options.seen = [prepared.seen].compactMap { $0 }
    return options
  }
}

/// The child process of the diagnosis that loads a vendor library.
struct ProbeLibraryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "probe-library", shouldDisplay: false)

  @Argument var path: String

  func run() throws {
    let code = LibraryProbe.run(path)
    if code != 0 { throw ExitCode(code) }
  }
}
