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

  static var localeLanguage: Language {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = getenv(name), value.pointee != 0 { return Language(localeName: String(cString: value)) }
    }
    return .en
  }
}
