/// What an authority decides for its platform; each is on or off.
package enum Rule: String, Sendable, CaseIterable {
  /// A certificate without a current revocation list of its issuer is refused.
  case needsRevocationList = "revocation-list"
  /// A certificate without 统一社会信用代码 is refused.
  case needsUSCC = "company-code"
  /// A company logs in only after an administrator has approved its registration.
  case needsApproval = "approval"
  /// Companies may log in with login name and password too.
  case allowsPassword = "password-login"
  /// Signatures of pages in the older protocol are taken.
  case allowsSZCA = "szca-login"

  var isOnAtFirst: Bool {
    switch self {
    case .needsUSCC, .needsApproval, .allowsSZCA: true
    case .needsRevocationList, .allowsPassword: false
    }
  }

  /// Whether this change suspends a protection: then two administrators have to say yes.
  func needsTwo(toBecome isOn: Bool) -> Bool {
    switch self {
    case .needsRevocationList, .needsUSCC, .needsApproval: !isOn
    case .allowsPassword, .allowsSZCA: false
    }
  }
}

extension Store {
  package func isOn(_ rule: Rule) throws(DatabaseError) -> Bool {
    try setting("rule." + rule.rawValue).map { $0 == "on" } ?? rule.isOnAtFirst
  }

  package func set(_ rule: Rule, _ isOn: Bool) throws(DatabaseError) {
    try set("rule." + rule.rawValue, isOn ? "on" : "off")
    try touchTrust()
  }

  /// What logins are judged by has changed: every process reads it anew at its next login.
  func touchTrust() throws(DatabaseError) {
    try set("trust.edition", try Self.newID())
  }
}
