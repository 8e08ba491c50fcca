package import TokenKit

/// What `ukey status` says otherwise than the window.
package struct StatusWords: Sendable {
  package var lockedCommand: String
  /// The same where the key's PUK unlocks it and no request does.
  package var lockedByPUK: String
  package var lockedByAdmin: String
  /// As ``noKey`` for a command, which does not wait.
  package var noneInserted: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> StatusWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}

extension StatusWords {
  /// How a locked user PIN is unlocked on this kind of key.
  package func door(_ family: TokenFamily) -> String {
    if family.traits.unlocksRemotely { return lockedCommand }
    return family.traits.adminIsPUK ? lockedByPUK : lockedByAdmin
  }
}
