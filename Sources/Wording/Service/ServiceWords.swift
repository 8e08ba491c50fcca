package import KeyService

/// The key service as it is shown to its holder: by `ukey serve` and on the manager's screen.
package struct ServiceWords: Sendable {
  package var title: String
  package var running: String
  package var notRunning: String
  package var since: String
  /// Where the PIN is typed.
  package var promptPlace: String
  package var promptManager: String
  package var promptPinentry: String
  package var promptNowhere: String
  package var interfaces: String
  package var open: String
  package var held: @Sendable (_ holder: String) -> String
  package var heldBySomeone: String
  package var ofUser: @Sendable (_ user: String) -> String
  package var noCertificate: String
  package var failed: String
  package var switchedOff: String
  package var free: String
  package var sites: String
  package var noSites: String
  package var mayRead: String
  package var mayLogin: String
  package var maySign: String
  package var log: String
  package var noLog: String
  package var done: String
  // Commands
  package var enabled: @Sendable (_ name: String) -> String
  package var disabled: @Sendable (_ name: String) -> String
  package var nextStart: String
  package var revoked: @Sendable (_ origin: String) -> String
  package var notGranted: @Sendable (_ origin: String) -> String
  package var registered: @Sendable (_ path: String) -> String
  package var manyPrompts: String
  // The screen
  package var starting: String
  package var stopping: String
  package var startFailed: @Sendable (_ detail: String) -> String
  package var start: String
  package var stop: String
  package var revoke: String
  package var allowOnce: String
  package var allowedOnce: @Sendable (_ origin: String) -> String
  package var noSiteSelected: String
  package var notAsked: String
  package var cannotStart: String
  package var asking: String
  package var askStop: String
  package var askRevoke: @Sendable (_ origin: String) -> String
  package var yes: String
  package var startOrStop: String
  package var startService: String
  package var other: String
  package var refuse: String
  package var look: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> ServiceWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}

extension ServiceWords {
  package func may(_ permissions: Permissions, _ language: Language) -> String {
    let parts: [(Permissions, String)] = [(.read, mayRead), (.login, mayLogin), (.sign, maySign)]
    return parts.filter { permissions.contains($0.0) }.map(\.1).joined(separator: Punctuation[language].comma)
  }

  package func prompt(_ name: String?) -> String {
    switch name {
    case "manager": promptManager
    case nil: promptNowhere
    default: promptPinentry
    }
  }

  /// What became of a request, by its name in the log, which stands with the words where it is a refusal.
  package func outcome(_ name: String, _ language: Language) -> (symbol: Symbol, text: String) {
    switch name {
    case "ok": (.ok, done)
    case "no": (.skipped, name)
    default: (.error, (LogWords.text(name, language).map { $0 + " " } ?? "") + name)
    }
  }
}
