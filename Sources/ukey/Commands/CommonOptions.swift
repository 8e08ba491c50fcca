import ArgumentParser
import CertificateKit
import Failures
import Glibc
import SoftToken
import TokenKit
import Wording

extension Language: ExpressibleByArgument {}
extension DemoCard: ExpressibleByArgument {}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: "Language of the words: zh or en; by default that of the locale.")
  var lang: Language?

  @Flag(help: "Print JSON.")
  var json = false

  var output: OutputChoice { OutputChoice(language: language, json: json) }

  var language: Language { lang ?? OutputChoice.localeLanguage }

  /// Prints the failure as this run wants it and gives the error that ends the program with its exit code.
  func fail(_ failure: Failure) -> ExitCode { ExitCode(output.report(failure).rawValue) }
}

/// Which keys a command looks at.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only this reader, by its name or a part of it.", valueName: "name"),
    completion: CompletionValues.readers)
  var reader: String?

  @Option(
    help: ArgumentHelp(
      "Only this key, by its serial number, the end of it, or your own name for it (ukey name).", valueName: "serial"))
  var key: String?

  @Flag(help: "The embedded software token with sample certificates (演示/DEMO) instead of real keys.")
  var demo = false

  @Option(
    help: ArgumentHelp(
      """
      Where keys are looked for: pcsc, skf:PATH, pkcs11:PATH (or a name of p11-kit's list), p11-kit; may be given more \
      than once. Default: pcsc and the vendor libraries found in their known places.
      """, valueName: "provider"))
  var provider: [String] = []

  @Flag(help: .hidden)
  var inProcess = false

  @Option(name: .customLong("fault"), help: .hidden)
  var faults: [String] = []

  /// The embedded token's kind, gm or piv.
  @Option(name: .customLong("demo-card"), help: .hidden)
  var demoCard = DemoCard.gm

  /// Milliseconds, see ``CardLimit``.
  @Option(name: .customLong("card-limit"), help: .hidden)
  var cardLimit: Int?

  @Option(name: .customLong("device-root"), help: .hidden)
  var deviceRoot = ""

  func validate() throws {
    guard faults.isEmpty || demo, faults.allSatisfy({ FaultRule(text: $0) != nil }) else {
      throw ValidationError("--fault takes \(FaultRule.form), with --demo")
    }
    for word in provider
    where word != ProviderKind.pcsc.rawValue && word != "p11-kit" && LibraryCatalog.split(word) == nil {
      throw ValidationError("--provider \(word): known are pcsc, skf:PATH, pkcs11:PATH, p11-kit")
    }
  }

  var selection: KeySelection { selection(profile: nil) }

  /// - Parameter profile: the GM/T 0017 profile the user insists on.
  func selection(profile: String?) -> KeySelection {
    if let cardLimit { CardLimit.shorten(to: cardLimit) }
    return KeySelection(
      reader: reader, key: key, demo: demo, demoCard: demoCard, demoFaults: faults, provider: provider,
      profile: profile,
      inProcess: inProcess,
      root: deviceRoot)
  }
}

/// What chains are checked against.
struct TrustOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Directory of CA certificates (PEM or DER) to check chains against. Default: ~/.config/ukey/ca, else /etc/ukey/ca.",
      valueName: "directory"))
  var trust: String?

  var choice: TrustChoice { TrustChoice(path: trust) }
}
