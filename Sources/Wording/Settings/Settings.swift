package import Base
package import DiagnosisKit
package import Failures
internal import Synchronization
internal import TokenKit

/// What `ukey.conf` says: the file that is part of the program, `/etc/ukey/ukey.conf`, `~/.config/ukey/ukey.conf`.
package struct Settings: Sendable, Equatable {
  package var authority = Authority()
  /// Days before the end of a certificate from which it counts as expiring.
  package var reminderDays = 0
  /// Days before the end of a certificate from which it can be renewed.
  package var renewalDays = 0
  /// Days before the end at which the reminder becomes more pressing, twice.
  package var soonDays = 0
  package var urgentDays = 0
  /// What the keys log in to; the diagnosis tries to reach it.
  package var platform: Endpoint?
  /// Where keys are looked for, as `--provider` takes it; empty: the card readers and the libraries in their known places.
  package var providers: [String] = []
  /// `nil`: by the locale.
  package var language: Language?
  /// How the window looks: one of ``themes``.
  package var theme = ""
  /// Of the window's table, left to right.
  package var columns: [TableColumn] = []
  /// Lines that were not understood; what they would have set is as it was.
  package var mistakes: [Mistake] = []
  /// `UK-614` for a file that another user could have written, `UK-613` for one that cannot be read; nothing of it is
  /// used.
  package var refused: [Failure] = []

  package typealias Mistake = SettingsMistake

  /// Bytes of one file.
  package static let fileLimit = 64 * 1024
  static let mistakeLimit = 20
  static let valueLimit = 200

  /// The file that is part of the program.
  package static let builtIn: Settings = {
    var settings = Settings()
    settings.add(PackageResources.ukey_conf, file: "ukey.conf")
    return settings
  }()

  private static let inForce = Mutex<Settings?>(nil)

  /// Those in force: ``builtIn`` until others were put in force.
  package static var current: Settings { inForce.withLock { $0 } ?? builtIn }

  /// Puts them in force. Words keep what they were first made with: to be called before any is asked for.
  package func use() { Self.inForce.withLock { $0 = self } }
}

extension Settings {
  /// Takes one file in.
  package mutating func add(_ bytes: [UInt8], file: String) {
    bytes.withUnsafeBufferPointer { add($0, file: file) }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    var section = ""
    readSettings(bytes) { line in
      func mistake(at part: SettingsLine.Bytes? = nil) {
        guard mistakes.count < Self.mistakeLimit else { return }
        mistakes.append(line.mistake(in: file, part, shown: { displaySafe($0) }))
      }
      switch line.content {
      case .section(let name):
        section = name.string
        if !Self.sections.contains(section) { mistake() }
      case .other: mistake()
      case .entry(let key, let value):
        // A text with characters that do not show is none that anybody wrote.
        guard let words = String(validating: value, as: UTF8.self), displaySafe(words) == words,
          words.unicodeScalars.count <= Self.valueLimit
        else { return mistake(at: value) }
        if let problem = set(section + "." + key.string, words) { mistake(at: problem == .key ? nil : value) }
      }
    }
  }

  /// What `theme` may be.
  package static let themes = ["default", "contrast", "light"]

  private static let sections = ["authority", "platform", "keys", "reminder", "window"]

  private enum Problem { case key, value }

  private mutating func set(_ key: String, _ value: String) -> Problem? {
    func days(_ place: inout Int) -> Problem? {
      guard let number = Int(value), (0...3650).contains(number) else { return .value }
      place = number
      return nil
    }
    func address(_ place: inout String) -> Problem? {
      guard value.isEmpty || value.hasPrefix("https://") || value.hasPrefix("http://") else { return .value }
      place = value
      return nil
    }
    switch key {
    case "authority.name":
      // One that names no English name has none of another's.
      if authority.name != value { authority.englishName = value }
      authority.name = value
    case "authority.english-name": authority.englishName = value
    case "authority.hotline": authority.hotline = value
    case "authority.site": return address(&authority.site)
    case "authority.hall": return address(&authority.hall)
    case "authority.post-days": return days(&authority.postDays)
    case "platform.address":
      guard value.isEmpty || Endpoint(value) != nil else { return .value }
      platform = Endpoint(value)
    case "keys.providers":
      let words = value.split(separator: " ").map(String.init)
      guard words.allSatisfy({ ["pcsc", "p11-kit"].contains($0) || LibraryCatalog.split($0) != nil }) else {
        return .value
      }
      providers = words
    case "reminder.days": return days(&reminderDays)
    case "reminder.renewal-days": return days(&renewalDays)
    case "reminder.soon-days": return days(&soonDays)
    case "reminder.urgent-days": return days(&urgentDays)
    case "window.language":
      guard let language = Language(rawValue: value) else { return .value }
      self.language = language
    case "window.theme":
      guard Self.themes.contains(value) else { return .value }
      theme = value
    case "window.columns":
      let names = value.split(separator: " ").map { TableColumn(rawValue: String($0)) }
      let known = names.compactMap { $0 }
      guard known.count == names.count, Set(known).count == known.count else { return .value }
      columns = known
    default: return .key
    }
    return nil
  }
}
