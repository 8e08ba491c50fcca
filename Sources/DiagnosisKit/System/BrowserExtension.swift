import StrictJSON
import TokenKit

/// Whether a browser has an extension that a page talks to. Only Chromium and its kin let a page do so by the extension's id;
/// Firefox has no such calls.
struct BrowserExtension: Equatable {
  enum State: String {
    case missing = "no"
    /// Installed and switched off, by the user or by the browser.
    case off
    case on = "yes"
  }

  var browser: String
  var state: State

  /// One entry for each browser that has a profile, of the profile last used.
  static func all(_ id: String, home: String) -> [BrowserExtension] {
    LoopbackAnswer.folders.compactMap { (title, folder) -> BrowserExtension? in
      guard let (path, bytes) = LoopbackAnswer.preferences(in: home + "/" + folder) else { return nil }
      // The one that the user cannot change by hand stands first: where it has an entry, that one counts.
      let secure = path.dropLast("Preferences".utf8.count) + "Secure Preferences"
      let secured = SystemFiles(root: "").bytes(String(secure), limit: 16 << 20).flatMap { Self.state(of: id, in: $0) }
      return BrowserExtension(browser: title, state: secured ?? Self.state(of: id, in: bytes) ?? .missing)
    }
  }

  /// `extensions.settings.ID`: `state` 1 (on), 0 (off), 2 (uninstalled), which newer ones leave out; `disable_reasons` a
  /// number of bits, in newer ones a list.
  ///
  /// - Returns: `nil` without an entry.
  static func state(of id: String, in preferences: [UInt8]) -> State? {
    guard let entry = LoopbackAnswer.json(preferences)?["extensions"]?["settings"]?[id], case .object = entry else {
      return nil
    }
    switch entry["state"]?.intValue {
    case 0: return .off
    case 2: return .missing
    default:
      let reasons = entry["disable_reasons"]
      let isOff = reasons?.arrayValue?.isEmpty == false || (reasons?.intValue ?? 0) != 0
      return isOff ? .off : .on
    }
  }
}
