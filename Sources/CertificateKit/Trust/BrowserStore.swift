internal import Base
internal import Glibc

/// A browser's own certificate store (NSS): a folder with `cert9.db` (SQLite), `key4.db` and `pkcs11.txt`.
package struct BrowserStore: Sendable, Equatable {
  /// The browser, how it came onto this machine, and its profile.
  package var title: String
  package var folder: String

  package init(title: String, folder: String) {
    self.title = title
    self.folder = folder
  }

  package var database: String { folder + "/cert9.db" }
  package var isThere: Bool { access(database, F_OK) == 0 }

  /// Where Chromium and its kin keep theirs, whether or not it is there yet; the first is the usual one.
  package static func chromium(home: String) -> [BrowserStore] {
    [
      BrowserStore(title: "Chromium/Chrome", folder: home + "/.pki/nssdb"),
      BrowserStore(title: "Chromium/Chrome (XDG)", folder: home + "/.local/share/pki/nssdb"),
      BrowserStore(title: "Chromium (snap)", folder: home + "/snap/chromium/current/.pki/nssdb"),
      BrowserStore(title: "Chromium (flatpak)", folder: home + "/.var/app/org.chromium.Chromium/.pki/nssdb"),
      BrowserStore(title: "Chrome (flatpak)", folder: home + "/.var/app/com.google.Chrome/.pki/nssdb"),
      BrowserStore(title: "Edge (flatpak)", folder: home + "/.var/app/com.microsoft.Edge/.pki/nssdb"),
    ]
  }

  /// Where Firefox keeps its profiles, by how it came onto this machine.
  package static func firefoxRoots(home: String) -> [(title: String, folder: String)] {
    [
      ("Firefox", home + "/.mozilla/firefox"), ("Firefox", home + "/.config/mozilla/firefox"),
      ("Firefox (snap)", home + "/snap/firefox/common/.mozilla/firefox"),
      ("Firefox (flatpak)", home + "/.var/app/org.mozilla.firefox/.mozilla/firefox"),
      ("Firefox (flatpak)", home + "/.var/app/org.mozilla.firefox/config/mozilla/firefox"),
    ]
  }

  /// Every store of this user that is there: Chromium's and the profiles of Firefox, also as snap and flatpak.
  package static func all(home: String) -> [BrowserStore] {
    var stores = chromium(home: home).filter(\.isThere)
    for (title, root) in firefoxRoots(home: home) {
      for name in ((try? listFolder(root)) ?? []).sorted().prefix(64) {
        let store = BrowserStore(title: title + " " + name, folder: root + "/" + name)
        if store.isThere { stores.append(store) }
      }
    }
    return stores
  }
}
