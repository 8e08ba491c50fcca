import CertificateKit
import TokenKit

/// A profile of Firefox.
struct FirefoxProfile: Sendable, Equatable {
  var name: String
  var folder: String

  /// The profiles that are opened when Firefox is started: those that an installation names as its default
  /// (`[Install…] Default=`), else the one marked `Default=1`, else the only one.
  static func opened(home: String) -> [FirefoxProfile] {
    let files = SystemFiles(root: "")
    return BrowserStore.firefoxRoots(home: home).flatMap { _, root -> [FirefoxProfile] in
      let chosen = opened(in: files.text(root + "/profiles.ini") ?? "")
      return chosen.map { path in
        FirefoxProfile(
          name: String(path.split(separator: "/").last ?? ""), folder: path.hasPrefix("/") ? path : root + "/" + path)
      }
    }
  }

  /// The stores whose trust counts: Chromium's, and of Firefox's those of the profiles that are opened. What an old profile
  /// trusts helps nobody.
  static func activeStores(home: String) -> [BrowserStore] {
    let active = Set(opened(home: home).map(\.folder))
    // Where no list of profiles says which is opened, any may be.
    let listed = BrowserStore.firefoxRoots(home: home).map(\.folder).filter {
      SystemFiles(root: "").exists($0 + "/profiles.ini")
    }
    return BrowserStore.all(home: home).filter { store in
      active.contains(store.folder) || !listed.contains { store.folder.hasPrefix($0 + "/") }
    }
  }

  /// The `Path=` of the profiles opened, of the text of a profiles.ini.
  static func opened(in text: String) -> [String] {
    var installed: [String] = []
    var marked: [String] = []
    var all: [String] = []
    var section = ""
    var path = ""
    var isDefault = false
    func close() {
      guard section.hasPrefix("Profile"), !path.isEmpty else { return }
      all.append(path)
      if isDefault { marked.append(path) }
    }
    for line in text.split(whereSeparator: \.isNewline).prefix(1024) {
      if line.hasPrefix("[") {
        close()
        section = String(line.dropFirst().prefix { $0 != "]" })
        (path, isDefault) = ("", false)
      } else if line.hasPrefix("Path=") {
        path = String(line.dropFirst(5))
      } else if line.hasPrefix("Default=") {
        let value = String(line.dropFirst(8))
        if section.hasPrefix("Install") { installed.append(value) } else { isDefault = value == "1" }
      }
    }
    close()
    if !installed.isEmpty { return installed }
    return marked.isEmpty ? Array(all.prefix(1)) : marked
  }

  /// The preferences below a name, without it: `type` → `1`. Texts without their quotes.
  func preferences(_ prefix: String) -> [String: String] {
    var result: [String: String] = [:]
    let start = "user_pref(\"" + prefix
    for line in (SystemFiles(root: "").text(folder + "/prefs.js", limit: 4 << 20) ?? "").split(
      whereSeparator: \.isNewline)
    where line.hasPrefix(start) {
      let rest = line.dropFirst(start.count)
      guard let end = rest.firstIndex(of: "\""), let comma = rest[end...].firstIndex(of: ",") else { continue }
      let value = rest[rest.index(after: comma)...].prefix { $0 != ")" }
      result[String(rest[..<end])] = trim(value).filter { $0 != "\"" }
    }
    return result
  }
}
