import Base
import Failures
import Glibc
import Wording

/// The files of the settings on this computer.
enum SettingsFile {
  /// Where they are looked for, the user's own last.
  static var all: [String] {
    ["/etc/ukey/ukey.conf"] + (TrustedPath.home.map { [$0 + "/.config/ukey/ukey.conf"] } ?? [])
  }

  /// The program's own settings with these files behind them. One that is not there says nothing.
  static func read(_ files: [String]) -> Settings {
    var settings = Settings.builtIn
    for file in files {
      do throws(Failure) {
        try Failure.checkTrust(file, missing: .fileRead)
        settings.add(try Failure.mapping(.fileRead, try readFile(file, limit: Settings.fileLimit)), file: file)
      } catch {
        if error.number != .errno(ENOENT) { settings.refused.append(error) }
      }
    }
    return settings
  }
}
