extension StatusWords {
  /// English.
  static let en = StatusWords(
    lockedCommand: "the key must be unlocked (ukey unlock request)",
    noneInserted: "none inserted")
}
