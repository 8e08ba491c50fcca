/// What English has to bend.
enum English {
  /// `1 key`, `3 keys`.
  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)" + (count == 1 ? "" : "s") }

  /// `1 try left`, `3 tries left`, `1 of 3 tries left`.
  static func triesLeft(_ left: Int, of maximum: Int? = nil) -> String {
    if let maximum { return "\(left) of \(maximum) tries left" }
    return left == 1 ? "1 try left" : "\(left) tries left"
  }
}
