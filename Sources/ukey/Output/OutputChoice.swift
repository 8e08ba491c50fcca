import Failures
import Glibc
import Wording

/// How a command speaks.
struct OutputChoice: Equatable {
  var language: Language
  var json: Bool

  /// Prints the failure, as an object on standard output or in words on standard error, and gives its exit code.
  func report(_ failure: Failure) -> ProgramExit {
    let report = FailureReport(failure: failure, language: language)
    if json { Output.line(report.json.text) } else { Output.note(report.text) }
    return ProgramExit(failure)
  }

  /// That of the settings, else that of the locale.
  static var localeLanguage: Language {
    Settings.current.language
      ?? Language.ofLocale { name in getenv(name).flatMap { $0.pointee == 0 ? nil : String(cString: $0) } }
  }
}
