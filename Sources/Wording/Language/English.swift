internal import TokenKit

/// What English has to bend.
enum English {
  /// `1 key`, `3 keys`.
  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)" + (count == 1 ? "" : "s") }

  /// `1 try left`, `3 tries left`, `1 of 3 tries left`; `15 or more tries left` where more may be meant.
  static func triesLeft(_ left: Int, of maximum: Int? = nil) -> String {
    if let maximum { return "\(left) of \(maximum) tries left" }
    if PINStatus.isAtLeast(left, of: maximum) { return "\(left) or more tries left" }
    return left == 1 ? "1 try left" : "\(left) tries left"
  }
}

/// What Chinese has to say otherwise.
enum Chinese {
  /// `3 次`; `15 次以上`, which has 15 in it, where more may be meant.
  static func times(_ tries: Int) -> String { "\(tries) 次" + (PINStatus.isAtLeast(tries, of: nil) ? "以上" : "") }
}
