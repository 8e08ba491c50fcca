/// The words about PINs that only the commands say.
package struct PINCommandWords: Sendable {
  package var willHappen: String
  package var profileNote: @Sendable (_ name: String, _ provenance: String) -> String
  package var profileConfirm: String
  package var weakConfirm: String
  /// After some seconds without an answer.
  package var waiting: String
  /// After the time that a card may take.
  package var mayLeave: String
  /// The PIN is entered at the key, within so many seconds.
  package var atPad: @Sendable (_ seconds: Int) -> String
  /// What was typed where a PIN may be is not repeated.
  package var asArgument: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> PINCommandWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
