import Base
import Failures
import Glibc
import Synchronization
import TokenKit
import Wording

/// The settings files, read once at the start, before any word is asked for.
enum SettingsInForce {
  /// How long they are waited for: a home on a server that is gone must not keep a diagnosis from saying so.
  private static let limit = Duration.seconds(2)

  static func begin() {
    let settings = read()
    settings.use()
    for mistake in settings.mistakes { tell(mistake) }
    for failure in settings.refused {
      Output.note(FailureReport(failure: failure, language: HelpText.language(ProgramArguments.all)).text)
    }
  }

  private static let areLibrariesTold = Atomic(false)

  /// Says of the files about libraries and devices what was not understood: once, however often they are read.
  static func tell(_ mistakes: [SettingsMistake]) {
    guard !mistakes.isEmpty, !areLibrariesTold.exchange(true, ordering: .relaxed) else { return }
    mistakes.forEach(tell)
  }

  private static func tell(_ mistake: SettingsMistake) {
    let words = FileWords[HelpText.language(ProgramArguments.all)]
    Output.note(Symbol.warning.before(displaySafe(mistake.description) + words.notUnderstood))
  }

  /// What the files say; the program's own settings and `UK-613` where they do not answer.
  private static func read() -> Settings {
    let read = inTime(limit) {
      var settings = SettingsFile.read(SettingsFile.all)
      do throws(Failure) {
        settings.mistakes += try KeyNames.load().mistakes
      } catch {
        settings.refused.append(error)
      }
      return settings
    }
    if let read { return read }
    var settings = Settings.builtIn
    settings.refused.append(Failure(.fileRead, number: .errno(ETIMEDOUT), context: "~/.config/ukey/ukey.conf"))
    return settings
  }
}
