/// The signs that stand beside words: the word says it, the sign is found by the eye.
package enum Symbol: String, Sendable, CaseIterable {
  case ok = "✓"
  case warning = "⚠"
  case error = "✕"
  case unknown = "?"
  case skipped = "·"
  /// Something is there: a key in its reader, a service.
  case present = "●"
  case absent = "○"
  /// What to do about the line above.
  case next = "→"
  case chosen = "(●)"
  case notChosen = "( )"

  /// The sign, a blank, the words.
  package func before(_ words: String) -> String { rawValue + " " + words }
}
