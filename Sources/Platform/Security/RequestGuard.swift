/// Whether a request that changes something comes from one of our own pages, in the browser session that it was made for.
enum RequestGuard {
  enum Verdict: Sendable, Equatable {
    case own
    /// From a page of another site, or from none.
    case foreign
    /// The form is of another session, or too old.
    case stale
  }

  /// - Parameters:
  ///   - origin: header `Origin`; browsers send it with every POST.
  ///   - site: header `Sec-Fetch-Site`, where the browser has it.
  ///   - token: field of the form; `expected` is that of the session, empty without one.
  static func judge(
    own: String, origin: String?, site: String?, token: String?, expected: String
  ) -> Verdict {
    if let site, site != "same-origin" { return .foreign }
    if let origin { guard origin == own else { return .foreign } } else if site == nil { return .foreign }
    guard !expected.isEmpty, let token, isEqual(Array(token.utf8), Array(expected.utf8)) else { return .stale }
    return .own
  }
}

/// How often something may be tried. A stranger's tries never keep the holder out: those of a browser that has logged in
/// before count by themselves, and the way by certificate is not counted by account at all.
enum Throttle {
  struct Rule: Sendable, Equatable {
    var count: Int
    /// Seconds.
    var window: Int64
  }

  /// Failed logins from one address, whatever the account.
  static let address = Rule(count: 30, window: 300)
  /// Wrong passwords for one account from browsers that are not known, wherever they are.
  static let account = Rule(count: 10, window: 900)
  /// Wrong passwords from a browser that the account's holder has logged in with.
  static let device = Rule(count: 10, window: 900)
  /// Codes sent to one mobile, and asked for by one address.
  static let mobile = Rule(count: 3, window: 3600)
  /// To one mobile from wherever they are asked for: its owner may be somebody else's victim.
  static let mobileDay = Rule(count: 10, window: 86_400)
  static let codes = Rule(count: 20, window: 3600)
  /// Registrations from one address.
  static let registration = Rule(count: 20, window: 3600)
}

extension Store {
  func isOver(_ rule: Throttle.Rule, _ name: String, now: Int64) throws(DatabaseError) -> Bool {
    try attempts(name, within: rule.window, now: now) >= rule.count
  }
}
