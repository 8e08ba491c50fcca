internal import Base
package import Failures
internal import Synchronization

/// What `ukey.conf` says: the file that is part of the program, `/etc/ukey/ukey.conf`, `~/.config/ukey/ukey.conf`.
package struct Settings: Sendable, Equatable {
  package var authority = Authority()
  /// Days before the end of a certificate from which it counts as expiring.
  package var reminderDays = 0
  /// Days before the end of a certificate from which it can be renewed.
  package var renewalDays = 0
  /// `nil`: by the locale.
  package var language: Language?
  /// Lines that were not understood; what they would have set is as it was.
  package var mistakes: [Mistake] = []
  /// `UK-614` for a file that another user could have written, `UK-613` for one that cannot be read; nothing of it is
  /// used.
  package var refused: [Failure] = []

  /// A place in a file, both counted from 1.
  package struct Mistake: Sendable, Equatable {
    package var file: String
    package var line: Int
    package var column: Int
    package var text: String
  }

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
  /// Takes one file in: sections `[NAME]`, lines `key = value`, `#` begins a comment.
  package mutating func add(_ bytes: [UInt8], file: String) {
    var section = ""
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
      guard let start = line.firstIndex(where: { !isBlank($0) }), line[start] != UInt8(ascii: "#") else { continue }
      let end = (line.lastIndex { !isBlank($0) } ?? start) + 1
      let text = line[start..<end]
      func mistake(at column: Int) {
        guard mistakes.count < Self.mistakeLimit else { return }
        mistakes.append(
          Mistake(
            file: file, line: index + 1, column: column - line.startIndex + 1,
            text: displaySafe(String(decoding: text.prefix(80), as: UTF8.self))))
      }
      if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
        section = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        if !Self.sections.contains(section) { mistake(at: start) }
        continue
      }
      guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
        mistake(at: start)
        continue
      }
      let key = text[..<((text[..<equals].lastIndex { !isBlank($0) } ?? equals - 1) + 1)]
      let value = text[(equals + 1)...].drop(while: isBlank)
      // A text with characters that do not show is none that anybody wrote.
      guard let words = String(validating: value, as: UTF8.self), displaySafe(words) == words,
        words.unicodeScalars.count <= Self.valueLimit
      else {
        mistake(at: value.startIndex)
        continue
      }
      if let problem = set(section + "." + String(decoding: key, as: UTF8.self), words) {
        mistake(at: problem == .key ? start : value.startIndex)
      }
    }
  }

  private static let sections = ["authority", "reminder", "window"]

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
    case "reminder.days": return days(&reminderDays)
    case "reminder.renewal-days": return days(&renewalDays)
    case "window.language":
      guard let language = Language(rawValue: value) else { return .value }
      self.language = language
    default: return .key
    }
    return nil
  }
}
