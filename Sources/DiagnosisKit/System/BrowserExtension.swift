import StrictJSON
import TokenKit

/// Whether a browser has an extension that a page talks to. Only Chromium and its kin let a page do so by the extension's id;
/// Firefox has no such calls.
struct BrowserExtension: Equatable {
  enum State: String {
    case missing = "no"
    /// The profile is there and cannot be read.
    case unknown = "?"
    /// Installed and switched off, by the user or by the browser.
    case off
    case on = "yes"
  }

  var browser: String
  var state: State

  /// One entry for each browser that has a folder of settings, of the profile last used.
  static func all(_ id: String, home: String) -> [BrowserExtension] {
    LoopbackAnswer.folders.compactMap { (title, folder) -> BrowserExtension? in
      let folder = home + "/" + folder
      guard SystemFiles(root: "").exists(folder) else { return nil }
      return BrowserExtension(browser: title, state: state(of: id, inSettings: folder))
    }
  }

  /// The file that a user cannot change by hand counts first, where it has an entry.
  private static func state(of id: String, inSettings folder: String) -> State {
    guard let (path, bytes) = LoopbackAnswer.preferences(in: folder), LoopbackAnswer.json(bytes) != nil else {
      return .unknown
    }
    let files = SystemFiles(root: "")
    let secure = path.dropLast("Preferences".utf8.count) + "Secure Preferences"
    guard files.exists(String(secure)) else { return state(of: id, in: bytes) ?? .missing }
    guard let secured = files.bytes(String(secure), limit: 16 << 20), LoopbackAnswer.json(secured) != nil else {
      return .unknown
    }
    return state(of: id, in: secured) ?? state(of: id, in: bytes) ?? .missing
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
