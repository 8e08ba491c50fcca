/// What `ukey status` says otherwise than the window.
package struct StatusWords: Sendable {
  package var lockedCommand: String
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
