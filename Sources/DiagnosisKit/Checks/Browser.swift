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
    // Also elsewhere than where these names stand, so that it is no fault.
    if all.isEmpty { return Finding(.warning, .browserAbsent) }
    return all.allSatisfy(\.isSandboxed) ? Finding(.warning, .browserSandboxed, facts) : .ok(facts)
  }

  func checkBrowserStore() -> Finding {
    guard let home = variable("HOME") else { return Finding(.skipped, .notNeeded) }
    guard let owner = live.status(home)?.st_uid else {
      // One that is there and may not be seen keeps everything from the browser.
      return access(home, F_OK) != 0 && errno == EACCES
        ? Finding(.fault, .storeShut, [Evidence(.path, home, .path)]) : Finding(.skipped, .notNeeded)
    }
    if let shut = BrowserStore.shutFolder(home: home) {
      return Finding(
        .fault, .storeShut,
        [Evidence(.path, shut.path, .path)]
          + (shut.status.map {
            [Evidence(.mode, modeText($0.st_mode)), Evidence(.owner, accountName($0.st_uid), .name)]
          } ?? []))
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
      if live.exists(store.database), !store.canBeRead {
        return Finding(
          .fault, .storeBroken, [Evidence(.store, store.title, .text), Evidence(.path, store.database, .path)])
      }
      for module in store.modules {
        facts.append(Evidence(.module, module, .text))
        guard module.hasPrefix("/") else { continue }
        guard live.exists(module) else { return Finding(.warning, .storeModuleMissing, facts) }
        let image = live.bytes(module, limit: 64).flatMap { ELFHeader($0) }
        if let image, let own = ELFHeader.own, image != own {
          return Finding(
            .warning, .storeModuleForeign,
            facts + [Evidence(.elf, image.text), Evidence(.architecture, own.text)])
        }
      }
    }
    return .ok(facts)
  }
}
