import TokenKit

/// A browser found, and how it came onto this machine.
struct InstalledBrowser: Equatable {
  enum Packaging: String {
    case system, snap, flatpak
  }

  /// The name of its program, or of its package.
  var name: String
  var packaging: Packaging

  var isSandboxed: Bool { packaging != .system }
  /// Whether it is Firefox or of its kin, which keep their certificates apart from Chromium's.
  var isFirefox: Bool {
    ["firefox", "librewolf", "floorp", "waterfox", "zen"].contains { name.lowercased().contains($0) }
  }

  /// By the names that browsers have, and by what the desktop has entries for: a browser may stand anywhere.
  static func all(_ files: SystemFiles, home: String?) -> [InstalledBrowser] {
    var found: [InstalledBrowser] = []
    func add(_ browser: InstalledBrowser) {
      if !found.contains(browser) { found.append(browser) }
    }
    for name in names {
      if snapFolders.contains(where: { files.exists($0 + name) }) {
        add(InstalledBrowser(name: name, packaging: .snap))
      }
      guard let path = programFolders(home).map({ $0 + name }).first(where: files.exists) else { continue }
      // Ubuntu's firefox and chromium-browser are scripts that start the snap.
      let head = files.bytes(path, limit: 4096).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let isSnap = head.hasPrefix("#!") && head.contains("/snap/")
      add(InstalledBrowser(name: name, packaging: isSnap ? .snap : .system))
    }
    for path in places where files.exists(path) {
      add(InstalledBrowser(name: path.split(separator: "/").last.map(String.init) ?? path, packaging: .system))
    }
    for folder in ["/var/lib/flatpak/app", home.map { $0 + "/.local/share/flatpak/app" }].compactMap({ $0 }) {
      for name in flatpaks where files.exists(folder + "/" + name) {
        add(InstalledBrowser(name: name, packaging: .flatpak))
      }
    }
    for browser in entries(files, home: home) where !found.contains(where: { $0.name == browser.name }) { add(browser) }
    return found
  }

  private static let snapFolders = ["/snap/bin/", "/var/lib/snapd/snap/bin/"]

  private static func programFolders(_ home: String?) -> [String] {
    ["/usr/bin/", "/usr/local/bin/", "/run/current-system/sw/bin/"]
      + (home.map { [$0 + "/.local/bin/", $0 + "/.nix-profile/bin/"] } ?? [])
  }

  private static let names = [
    "firefox", "firefox-esr", "firefox-bin", "firefox-developer-edition", "librewolf", "chromium", "chromium-browser",
    "ungoogled-chromium", "google-chrome", "google-chrome-stable", "google-chrome-beta", "microsoft-edge",
    "microsoft-edge-stable", "brave-browser", "brave", "vivaldi", "vivaldi-stable", "opera", "qaxbrowser-safe-stable",
    "browser360-cn-stable", "uos-browser-stable", "epiphany", "falkon",
  ]
  /// Where makers' own packages and archives put them.
  private static let places = [
    "/opt/firefox/firefox", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge", "/opt/brave.com/brave/brave",
    "/opt/vivaldi/vivaldi",
  ]
  private static let flatpaks = [
    "org.mozilla.firefox", "io.gitlab.librewolf-community", "com.google.Chrome", "org.chromium.Chromium",
    "com.microsoft.Edge", "com.brave.Browser", "com.vivaldi.Vivaldi",
  ]

  // MARK: The desktop's entries

  /// Where desktops keep the entries of programs; those of UOS's own packages stand with each.
  private static func entryFolders(_ files: SystemFiles, _ home: String?) -> [String] {
    let apps = "/opt/apps"
    return [
      "/usr/share/applications", "/usr/local/share/applications", "/var/lib/flatpak/exports/share/applications",
      "/var/lib/snapd/desktop/applications", "/run/current-system/sw/share/applications",
    ] + files.list(apps).sorted().prefix(256).map { apps + "/" + $0 + "/entries/applications" }
      + (home.map { [$0 + "/.local/share/applications", $0 + "/.nix-profile/share/applications"] } ?? [])
  }

  private static func entries(_ files: SystemFiles, home: String?) -> [InstalledBrowser] {
    entryFolders(files, home).flatMap { folder in
      files.list(folder).filter { $0.hasSuffix(".desktop") }.sorted().prefix(1024).compactMap { name in
        files.text(folder + "/" + name, limit: 1 << 16).flatMap(InstalledBrowser.init(entry:))
      }
    }
  }

}

extension InstalledBrowser {
  /// Of the text of a desktop entry. `nil`: it is no browser's.
  init?(entry text: String) {
    var values: [Substring: String] = [:]
    // The first group is the program itself; those after it are actions of its menu.
    for line in text.split(whereSeparator: \.isNewline).drop(while: { !$0.hasPrefix("[Desktop Entry]") }).dropFirst() {
      if line.hasPrefix("[") { break }
      guard let mark = line.firstIndex(of: "=") else { continue }
      let name = line[..<mark]
      if values[name] == nil { values[name] = trim(line[line.index(after: mark)...]) }
    }
    guard let command = values["Exec"], values["Hidden"] != "true",
      (values["Categories"] ?? "").split(separator: ";").contains("WebBrowser"),
      (values["MimeType"] ?? "").split(separator: ";").contains("x-scheme-handler/https")
    else { return nil }
    let words = command.split(separator: " ").map { $0.filter { $0 != "\"" } }
    guard let program = words.first(where: { $0 != "env" && !$0.hasSuffix("/env") && !$0.contains("=") }) else {
      return nil
    }
    let isFlatpak = program.hasSuffix("flatpak")
    // The package stands behind the options of `flatpak run`.
    let package = isFlatpak ? words.dropFirst().first { !$0.hasPrefix("-") && $0 != "run" && $0.contains(".") } : nil
    name = package ?? program.split(separator: "/").last.map(String.init) ?? program
    packaging = isFlatpak ? .flatpak : program.contains("/snap/") ? .snap : .system
  }
}
