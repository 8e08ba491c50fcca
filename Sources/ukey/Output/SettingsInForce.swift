import Failures
import Wording

/// The settings files, read once at the start, before any word is asked for.
enum SettingsInForce {
  static func begin() {
    let settings = Settings.read(Settings.files)
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
}
