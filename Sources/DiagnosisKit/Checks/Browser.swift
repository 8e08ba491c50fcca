import CertificateKit
import Glibc
import TokenKit

extension Context {
  /// A browser found, and how it came onto this machine.
  private struct Browser {
    var name: String
    var packaging: String
    var isSandboxed: Bool { packaging == "snap" || packaging == "flatpak" }
  }

  private var browsers: [Browser] {
    var found: [Browser] = []
    let names = [
      "firefox", "firefox-esr", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
      "microsoft-edge", "microsoft-edge-stable", "qaxbrowser-safe-stable", "browser360-cn-stable", "uos-browser-stable",
    ]
    for name in names {
      let isSnap = files.exists("/snap/bin/" + name)
      if isSnap { found.append(Browser(name: name, packaging: "snap")) }
      let path = "/usr/bin/" + name
      guard files.exists(path) else { continue }
      // Ubuntu's firefox and chromium-browser are scripts that start the snap.
      let head = files.bytes(path, limit: 4096).map { String(decoding: $0, as: UTF8.self) } ?? ""
      if head.hasPrefix("#!"), head.contains("/snap/") {
        if !isSnap { found.append(Browser(name: name, packaging: "snap")) }
      } else {
        found.append(Browser(name: name, packaging: "system"))
      }
    }
    let home = variable("HOME").map { $0 + "/.local/share/flatpak/app" }
    for folder in ["/var/lib/flatpak/app", home].compactMap({ $0 }) {
      for name in ["org.mozilla.firefox", "com.google.Chrome", "org.chromium.Chromium", "com.microsoft.Edge"]
      where files.exists(folder + "/" + name) {
        found.append(Browser(name: name, packaging: "flatpak"))
      }
    }
    return found
  }

  func checkBrowser() -> Finding {
    let all = browsers
    let facts = all.map { Evidence(.browser, $0.name + " (" + $0.packaging + ")") }
    if all.isEmpty { return Finding(.skipped, .browserAbsent) }
    return all.allSatisfy(\.isSandboxed) ? Finding(.warning, .browserSandboxed, facts) : .ok(facts)
  }

  func checkBrowserStore() -> Finding {
    guard let home = variable("HOME"), let owner = live.status(home)?.st_uid else {
      return Finding(.skipped, .notNeeded)
    }
    let stores = BrowserStore.all(home: home)
    if stores.isEmpty { return Finding(.skipped, .notNeeded) }
    var facts: [Evidence] = []
    for store in stores {
      facts.append(Evidence(.store, store.title, .text))
      for path in [store.folder, store.database, store.folder + "/key4.db", store.folder + "/pkcs11.txt"] {
        // Whoever owns the home owns what is in it, also when this runs by sudo. No command is offered: the user can put
        // another folder in this one's place while an administrator reads it.
        guard let status = live.status(path), status.st_uid != owner else { continue }
        return Finding(
          .fault, .storeOwner,
          [
            Evidence(.store, store.title, .text), Evidence(.path, path, .text),
            Evidence(.owner, accountName(status.st_uid), .name),
          ])
      }
      for module in store.modules {
        facts.append(Evidence(.module, module, .text))
        if module.hasPrefix("/"), !live.exists(module) {
          return Finding(.warning, .storeModuleMissing, facts)
        }
      }
    }
    return .ok(facts)
  }

  func checkProxy() -> Finding {
    let names = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    let set = names.compactMap { name in variable(name).map { (name, $0) } }
    if set.isEmpty { return .ok() }
    let exceptions = (variable("no_proxy") ?? variable("NO_PROXY") ?? "").split(separator: ",").map {
      trim($0).lowercased()
    }
    var facts = set.map { Evidence(.proxy, $0.0 + "=" + Self.withoutLogin($0.1), .text) }
    facts.append(Evidence(.noProxy, exceptions.isEmpty ? "-" : exceptions.joined(separator: ","), .text))
    let covering: Set<String> = ["*", "127.0.0.1", "127.0.0.0/8", "127.0.0.1/8"]
    if exceptions.contains(where: covering.contains) { return .ok(facts) }
    // As root in another user's home the line would write wherever he has put a link.
    let isOwnHome = variable("HOME").flatMap { live.status($0) }?.st_uid == geteuid()
    let file = "~/.config/environment.d/50-ukey-no-proxy.conf"
    let list = (exceptions + ["127.0.0.1", "localhost", "::1"]).joined(separator: ",")
    return Finding(
      .warning, .proxyCatchesLoopback, facts,
      fix: !isOwnHome
        ? nil
        : Fix(
          "/bin/mkdir -p ~/.config/environment.d && printf '%s\\n' "
            + ["no_proxy", "NO_PROXY"].map { shellWord($0 + "=" + list) }.joined(separator: " ") + " > " + file,
          needsRoot: false))
  }

  /// A proxy's address without the name and password that may stand before the `@`.
  private static func withoutLogin(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let rest = text[text.index(after: at)...]
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"), colon < at else { return String(rest) }
    return text[...text.index(colon, offsetBy: 2)] + "…@" + rest
  }
}
