public import ArgumentParser
public import Failures
import Glibc
import SmartCard
import SoftToken
import TokenKit

extension Language: ExpressibleByArgument {}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: "Language of the words: zh or en; by default that of the locale.")
  var lang: Language?

  @Flag(help: "Print JSON.")
  var json = false

  var language: Language { lang ?? Self.localeLanguage }

  private static var localeLanguage: Language {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = getenv(name), value.pointee != 0 { return Language(localeName: String(cString: value)) }
    }
    return .en
  }

  /// Prints the failure as this run wants it and gives the error that ends the program with its exit code.
  func fail(_ failure: Failure) -> ExitCode {
    let report = FailureReport(failure: failure, language: language)
    if json { Output.line(report.json.text) } else { Output.note(report.text) }
    return ExitCode(ProgramExit(failure).rawValue)
  }
}

/// Which keys a command looks at.
struct KeyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only this reader, by its whole name.", valueName: "name"))
  var reader: String?

  @Flag(help: "The embedded software token with sample certificates (演示/DEMO) instead of real keys.")
  var demo = false

  @Option(
    help: ArgumentHelp("Where keys are looked for; may be given more than once. Default: pcsc.", valueName: "pcsc"))
  var provider: [String] = []

  func validate() throws {
    if let unknown = provider.first(where: { $0 != "pcsc" }) {
      throw ValidationError("--provider \(unknown): known providers are: pcsc")
    }
  }

  /// - Parameter profile: the GM/T 0017 profile the user insists on.
  func providers(profile: String? = nil) throws(Failure) -> [any TokenProvider] {
    if demo {
      let cards: [(reader: String, card: any SoftCard)] = [("DEMO 演示", try GMToken.demo())]
      return [try CardTokenProvider(name: "demo", service: DemoReaders(cards: cards), profile: profile)]
    }
    return [try CardTokenProvider(name: "pcsc", service: PCSCService(), profile: profile)]
  }
}
