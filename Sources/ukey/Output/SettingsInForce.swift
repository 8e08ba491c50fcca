import Base
import Failures
import Glibc
import Synchronization
import Wording

/// The settings files, read once at the start, before any word is asked for.
enum SettingsInForce {
  /// How long they are waited for: a home on a server that is gone must not keep a diagnosis from saying so.
  private static let limit = Duration.seconds(2)
  private static let isLate = Atomic(false)

  /// What the wait has cost, for who has promised an end.
  static var waited: Duration { isLate.load(ordering: .relaxed) ? limit : .zero }

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
    let fan = FanOut<Settings>(count: 1)
    // Without a thread there is nothing that could be waited for.
    guard fan.ask(0, { Settings.read(Settings.files) }) else { return Settings.read(Settings.files) }
    if let settings = fan.wait(until: .now + limit)[0] { return settings }
    isLate.store(true, ordering: .relaxed)
    var settings = Settings.builtIn
    settings.refused.append(Failure(.fileRead, number: .errno(ETIMEDOUT), context: "~/.config/ukey/ukey.conf"))
    return settings
  }
}
