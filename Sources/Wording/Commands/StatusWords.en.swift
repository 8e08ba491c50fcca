extension StatusWords {
  /// English.
  static let en = StatusWords(
    lockedCommand: "the key must be unlocked (ukey unlock request)",
    lockedByPUK: "the PUK sets a new one (ukey unlock admin)",
    lockedByAdmin: "the administrator PIN sets a new one (ukey unlock admin)",
    noneInserted: "none inserted")
}
