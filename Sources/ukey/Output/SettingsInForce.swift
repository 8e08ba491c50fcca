import Base
import Failures
import Glibc
import Wording

/// The settings files, read once at the start, before any word is asked for.
enum SettingsInForce {
  /// How long they are waited for: a home on a server that is gone must not keep a diagnosis from saying so.
  private static let limit = Duration.seconds(2)

  static func begin() {
    let settings = read()
    settings.use()
    for mistake in settings.mistakes {
      Output.note(
        Symbol.warning.before(
          "\(displaySafe(mistake.file)):\(mistake.line):\(mistake.column): \(mistake.text)"))
    }
    for failure in settings.refused {
      Output.note(FailureReport(failure: failure, language: HelpText.language(ProgramArguments.all)).text)
    }
  }

  /// What the files say; the program's own settings and `UK-613` where they do not answer.
  private static func read() -> Settings {
    if let settings = inTime(limit, { SettingsFile.read(SettingsFile.all) }) { return settings }
    var settings = Settings.builtIn
    settings.refused.append(Failure(.fileRead, number: .errno(ETIMEDOUT), context: "~/.config/ukey/ukey.conf"))
    return settings
  }
}
