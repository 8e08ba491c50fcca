import StrictJSON
import TokenKit

extension Context {
  /// Whether the user has let the page call services of this computer: browsers since 2025 ask once a site, and keep the
  /// answer in the profile.
  func checkPermission() -> Finding {
    guard !options.isDemo, let home = variable("HOME") else { return Finding(.skipped, .notNeeded) }
    let caught = LoopbackProxy.all(home: home, files: files)
    if !caught.isEmpty {
      // A proxy on this computer reaches what listens on it; any other asks itself.
      let isElsewhere = caught.contains { !$0.proxy.isOnThisComputer }
      return Finding(
        isElsewhere ? .fault : .warning, .proxyCatchesLoopback,
        caught.flatMap { [Evidence(.proxy, $0.proxy.text, .address), Evidence(.path, $0.path, .path)] })
    }
    let origin = pageOrigin
    let ruled = LoopbackAnswer.ruled(origin, files)
    // What the administrator rules stands above what the user answers.
    let answers =
      ruled.map(\.answer)
      + LoopbackAnswer.all(home: home, origin: origin).filter { answer in
        !ruled.contains { $0.answer.browser.hasPrefix(answer.browser + " (policy)") }
      }
    let facts =
      [Evidence(.host, origin, .host)]
      + answers.map { Evidence(.permission, $0.browser + ": " + ($0.isAllowed ? "yes" : "no"), .text) }
    // Whoever refused in one browser and allowed in another has one that works.
    if answers.contains(where: \.isAllowed) { return .ok(facts) }
    if let rule = ruled.first(where: { !$0.answer.isAllowed }) {
      return Finding(.fault, .loopbackForbidden, facts + [Evidence(.path, rule.path)])
    }
    return answers.isEmpty
      ? Finding(.skipped, .loopbackNotAsked, facts) : Finding(.fault, .loopbackDenied, facts)
  }
}

/// What a browser's user answered when a site asked to call services of this computer.
struct LoopbackAnswer: Equatable {
  var browser: String
  var isAllowed: Bool

  static func all(home: String, origin: String) -> [LoopbackAnswer] {
    chromium(home, origin) + firefox(home, origin)
  }

  // MARK: Chromium and its kin

  static let folders = [
    ("Chromium", ".config/chromium"), ("Chrome", ".config/google-chrome"), ("Edge", ".config/microsoft-edge"),
    ("Brave", ".config/BraveSoftware/Brave-Browser"), ("Vivaldi", ".config/vivaldi"),
    ("Chromium (snap)", "snap/chromium/common/chromium"),
    ("Chromium (flatpak)", ".var/app/org.chromium.Chromium/config/chromium"),
    ("Chrome (flatpak)", ".var/app/com.google.Chrome/config/google-chrome"),
  ]

  /// Of the profile last used, as `Local State` names it.
  private static func chromium(_ home: String, _ origin: String) -> [LoopbackAnswer] {
    folders.compactMap { title, path in
      guard let (_, bytes) = preferences(in: home + "/" + path), let allowed = answer(inPreferences: bytes, origin)
      else {
        return nil
      }
      return LoopbackAnswer(browser: title, isAllowed: allowed)
    }
  }

  /// The settings of the profile last used, and where they stand.
  static func preferences(in folder: String) -> (path: String, bytes: [UInt8])? {
    let files = SystemFiles(root: "")
    let state = files.bytes(folder + "/Local State", limit: 4 << 20).flatMap(json)
    let last = state?["profile"]?["last_used"]?.stringValue ?? "Default"
    guard !last.contains("/"), last != ".." else { return nil }
    let path = folder + "/" + last + "/Preferences"
    return files.bytes(path, limit: 16 << 20).map { (path, $0) }
  }

  /// `profile.content_settings.exceptions.loopback_network`: patterns `https://host:443,*` with `setting` 1 (allow) or
  /// 2 (block); before Chromium 145 under `local_network_access`.
  static func answer(inPreferences bytes: [UInt8], _ origin: String) -> Bool? {
    let exceptions = json(bytes)?["profile"]?["content_settings"]?["exceptions"]
    let pattern = withPort(origin)
    for name in ["loopback_network", "local_network_access"] {
      guard case .object(let members)? = exceptions?[name] else { continue }
      for (key, value) in members where key.prefix(while: { $0 != "," }) == pattern {
        switch value?["setting"]?.intValue {
        case 1: return true
        case 2: return false
        default: continue
        }
      }
    }
    return nil
  }

  private static func withPort(_ origin: String) -> String {
    let host = origin.drop { $0 != "/" }.dropFirst(2)
    if host.hasSuffix("]") || !host.contains(":") { return origin + (origin.hasPrefix("https:") ? ":443" : ":80") }
    return origin
  }

  static func json(_ bytes: [UInt8]) -> JSONValue? {
    try? JSONValue(parsing: bytes, limits: JSONLimits(size: 16 << 20, depth: 64))
  }

  /// What the administrator's rules say of a page, and the file that says so. Of several lists the first that names it
  /// counts, in Chromium's own order.
  static func ruled(_ origin: String, _ files: SystemFiles) -> [(answer: LoopbackAnswer, path: String)] {
    BrowserPolicy.chromium(files).compactMap { browser, path, rules in
      for list in ["LoopbackNetwork", "LocalNetworkAccess"] {
        for (name, isAllowed) in [("BlockedForUrls", false), ("AllowedForUrls", true)]
        where BrowserPolicy.names(origin, in: rules[list + name]) {
          return (LoopbackAnswer(browser: browser, isAllowed: isAllowed), path)
        }
      }
      return nil
    }
  }

  // MARK: Firefox

  /// `permissions.sqlite` of the profiles that are opened: permission 1 (allow) or 2 (deny) of the type
  /// `loopback-network`, before Firefox 150 `localhost`.
  private static func firefox(_ home: String, _ origin: String) -> [LoopbackAnswer] {
    FirefoxProfile.opened(home: home).compactMap { profile in
      for (permission, isAllowed) in [(1, true), (2, false)] {
        let found = SQLite.blobs(
          profile.folder + "/permissions.sqlite",
          """
          SELECT CAST(origin AS BLOB) FROM moz_perms
          WHERE type IN ('loopback-network', 'localhost') AND permission = \(permission)
          """)
        // Containers and private windows stand behind a `^`.
        let origins = (found ?? []).map { String(decoding: $0, as: UTF8.self).prefix { $0 != "^" } }
        if origins.contains(where: { $0 == origin }) {
          return LoopbackAnswer(browser: "Firefox " + profile.name, isAllowed: isAllowed)
        }
      }
      return nil
    }
  }
}
