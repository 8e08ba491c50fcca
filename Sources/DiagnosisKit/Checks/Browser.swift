import CertificateKit
import Glibc
import TokenKit

extension Context {
  func checkBrowser() -> Finding {
    let all = InstalledBrowser.all(files, home: variable("HOME"))
    let facts = all.map { Evidence(.browser, $0.name + " (" + $0.packaging.rawValue + ")") }
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
