internal import Base
import CertificateKit
internal import Failures
import LoginToken

/// Why a login came to nothing. ``name`` is stable: it stands in the audit.
enum LoginAnswer: Sendable, Equatable {
  /// What was sent is no login.
  case refused(LoginRefusal)
  /// No company of this code is registered.
  case unregistered
  /// The certificate is not that of the account that was named.
  case otherCompany
  case waiting
  case suspended(reason: String)
  case passwordWrong
  case passwordNotAllowed
  case szcaNotAllowed
  case tooMany

  var name: String {
    switch self {
    case .refused(let refusal): refusal.name
    case .unregistered: "unregistered"
    case .otherCompany: "other-company"
    case .waiting: "waiting"
    case .suspended: "suspended"
    case .passwordWrong: "password-wrong"
    case .passwordNotAllowed: "password-not-allowed"
    case .szcaNotAllowed: "szca-not-allowed"
    case .tooMany: "too-many"
    }
  }
}

enum LoginOutcome: Sendable, Equatable {
  /// - Parameters:
  ///   - token: of the new session, for the browser.
  ///   - device: of a browser that the company had not logged in with.
  ///   - isNew: the certificate was not known: a renewed or a reissued one.
  case company(Company, token: String, device: String?, isNew: Bool)
  case administrator(Administrator, token: String, device: String?)
  case refused(LoginAnswer)
}

/// Who may log in. All that is written for one login is written together.
struct LoginDesk {
  let visit: Visit
  private var store: Store { visit.store }
  private var now: Int64 { visit.now }

  /// Verifies what came for the challenge of this session, then uses the challenge up and does what follows, in one
  /// transaction. Signatures are computed before it begins, so that nobody waits for them; of two who come with the same
  /// challenge one finds it there, and the other's is unknown, whatever he has signed.
  ///
  /// - Parameter policy: of this request.
  func verify<Value>(
    _ proof: Proof, by policy: LoginPolicy, _ then: (LoginRefusal.Outcome) throws(DatabaseError) -> Value
  ) throws(DatabaseError) -> Value {
    if case .unreadable(let refusal) = proof { return try then(.refused(refusal)) }
    let challenges = SessionChallenges(store, session: visit.key)
    guard let challenge = try challenges.current() else { return try then(.refused(.challengeUnknown)) }
    let verifier = LoginVerifier(challenges: Challenges(SeenChallenge(challenge)), policy: policy)
    let verdict = outcome(of: proof, challenge.nonce, verifier)
    return try store.transaction { () throws(DatabaseError) in
      try then(try challenges.use(challenge) ? verdict : .refused(.challengeUnknown))
    }
  }

  private func outcome(of proof: Proof, _ nonce: Nonce, _ verifier: LoginVerifier) -> LoginRefusal.Outcome {
    do throws(LoginRefusal) {
      switch proof {
      case .token(let token):
        return .accepted(try verifier.verify(token, nonce: nonce, origin: visit.site.origin, now: now))
      case .signature(let signature):
        return .accepted(try verifier.verify(signature, nonce: nonce, origin: visit.site.origin, now: now))
      case .unreadable(let refusal): return .refused(refusal)
      }
    } catch {
      return .refused(error)
    }
  }

  /// - Parameter loginName: what the visitor wrote, or empty: then the certificate alone says who comes.
  func logIn(
    _ verdict: LoginRefusal.Outcome, way: String, loginName: String
  ) throws(DatabaseError) -> LoginOutcome {
    let key = "address " + visit.subscriber
    let identity: LoginIdentity
    switch verdict {
    // Who has shown to hold the key is not kept out by what others at the same address tried.
    case .accepted(let found): identity = found
    case .refused(let refusal):
      let isOver = try store.isOver(Throttle.address, key, now: now)
      return try refuse(isOver ? .tooMany : .refused(refusal), "", isOver ? nil : key)
    }
    return try store.transaction { () throws(DatabaseError) in
      let mark = Self.mark(identity.certificate)
      guard let company = try self.company(of: identity) else { return try refuse(.unregistered, mark, key) }
      let subject = "company " + company.id
      let named = RegistrationForm.trimmed(loginName).lowercased()
      guard named.isEmpty || named == company.loginName else { return try refuse(.otherCompany, mark, key) }
      if let answer = Self.judge(company) { return try refuse(answer, subject + " " + mark, nil) }
      let isNew = try store.bind(Self.bound(identity, company: company.id, now: now))
      if isNew { try store.audit(subject, "certificate.bound", subject, mark, at: now) }
      return try open(company, way: way, certificate: Self.fingerprint(identity.certificate), isNew: isNew)
    }
  }

  func logIn(loginName: String, password: String) throws(DatabaseError) -> LoginOutcome {
    guard try store.isOn(.allowsPassword) else { return try refuse(.passwordNotAllowed, "", nil) }
    let name = RegistrationForm.trimmed(loginName).lowercased()
    let company = try store.company(loginName: name)
    switch try check(.company, company?.id, name: name, password: password, stored: company?.password) {
    case .refused(let answer): return .refused(answer)
    case .right: break
    }
    return try store.transaction { () throws(DatabaseError) in
      // While the hash was computed it may have been suspended, or its password changed.
      guard let found = company, let company = try store.company(id: found.id), company.password == found.password
      else { return .refused(.passwordWrong) }
      if let answer = Self.judge(company) { return try refuse(answer, "company " + company.id, nil) }
      return try open(company, way: "password", certificate: "", isNew: false)
    }
  }

  func logInAdministrator(loginName: String, password: String) throws(DatabaseError) -> LoginOutcome {
    let name = RegistrationForm.trimmed(loginName).lowercased()
    let found = try store.administrator(loginName: name)
    switch try check(.administrator, found?.id, name: name, password: password, stored: found?.password) {
    case .refused(let answer): return .refused(answer)
    case .right: break
    }
    return try store.transaction { () throws(DatabaseError) in
      // The same for one who was removed meanwhile.
      guard let found, try store.administrator(id: found.id)?.password == found.password else {
        return .refused(.passwordWrong)
      }
      let (token, device) = try begin(.administrator, found.id, way: "password", certificate: "")
      try store.audit(
        "administrator " + found.loginName, "login", "administrator " + found.loginName, "password", at: now)
      return .administrator(found, token: token, device: device)
    }
  }

  private enum PasswordVerdict {
    case right
    case refused(LoginAnswer)
  }

  /// The same work and the same words whether there is such an account or not.
  private func check(
    _ kind: Session.Kind, _ subject: String?, name: String, password: String, stored: String?
  ) throws(DatabaseError) -> PasswordVerdict {
    let address = "address " + visit.subscriber
    // Counted by the name that was written, so that one that is not there fills up as fast.
    var account = kind.rawValue + " " + digestText(name)
    var rule = Throttle.account
    var isKnown = false
    if let subject, let device = visit.device, try store.isKnown(device: device, kind, subject) {
      account += " " + digestText(device)
      rule = Throttle.device
      isKnown = true
    }
    var isOver = try store.isOver(rule, account, now: now)
    if !isOver, !isKnown { isOver = try store.isOver(Throttle.address, address, now: now) }
    if isOver { return .refused(try answer(.tooMany, kind.rawValue + " " + name, [])) }
    guard password.utf8.count <= PasswordHash.length.upperBound,
      PasswordHash.verify(password, stored, visit.site.configuration.passwordCost)
    else { return .refused(try answer(.passwordWrong, kind.rawValue + " " + name, [account, address])) }
    try store.forgive(account)
    return .right
  }

  /// `nil` when it may log in.
  private static func judge(_ company: Company) -> LoginAnswer? {
    switch company.state {
    case .active: nil
    case .waiting: .waiting
    case .suspended: .suspended(reason: company.reason)
    }
  }

  /// By its code; the certificate's serial number changes with each renewal and says nothing.
  private func company(of identity: LoginIdentity) throws(DatabaseError) -> Company? {
    guard let uscc = identity.uscc else { return nil }
    return uscc.check == .organizationCodeOnly
      ? try store.company(organizationCode: uscc.code) : try store.company(uscc: uscc.code)
  }

  private func open(
    _ company: Company, way: String, certificate: String, isNew: Bool
  ) throws(DatabaseError) -> LoginOutcome {
    let (token, device) = try begin(.company, company.id, way: way, certificate: certificate)
    try store.audit("company " + company.id, "login", "company " + company.id, way + " " + visit.address, at: now)
    return .company(company, token: token, device: device, isNew: isNew)
  }

  /// A new session under a new token: what was known of the visitor before is of no use to anybody.
  private func begin(
    _ kind: Session.Kind, _ subject: String, way: String, certificate: String
  ) throws(DatabaseError) -> (token: String, device: String?) {
    try store.end(token: visit.token)
    let session = Session(
      handle: "", kind: kind, subject: subject, created: now, seen: now, address: visit.address, agent: visit.agent,
      way: way, certificate: certificate)
    let token = try store.begin(session)
    if let device = visit.device, try store.isKnown(device: device, kind, subject) { return (token, nil) }
    return (token, try store.remember(kind, subject, now: now))
  }

  private func refuse(_ answer: LoginAnswer, _ mark: String, _ counted: String?) throws(DatabaseError) -> LoginOutcome {
    .refused(try self.answer(answer, mark, counted.map { [$0] } ?? []))
  }

  private func answer(_ answer: LoginAnswer, _ mark: String, _ counted: [String]) throws(DatabaseError) -> LoginAnswer {
    try store.transaction { () throws(DatabaseError) in
      for name in counted { try store.count(name, now: now) }
      // Of what is refused for its number alone one row a minute is enough.
      let told = try store.attempts("told " + visit.subscriber, within: 60, now: now)
      let isFirst = answer != .tooMany || told == 0
      if answer == .tooMany { try store.count("told " + visit.subscriber, now: now) }
      if isFirst { try store.audit("visitor " + visit.address, "login.refused", mark, answer.name, at: now) }
      return answer
    }
  }

  /// Says in the audit which certificate it was.
  static func mark(_ certificate: Certificate) -> String { "certificate " + certificate.serialText }

  static func fingerprint(_ certificate: Certificate) -> String { digestText(certificate.der) }

  static func bound(_ identity: LoginIdentity, company: String, now: Int64) -> BoundCertificate {
    let certificate = identity.certificate
    return BoundCertificate(
      fingerprint: fingerprint(certificate), company: company, serial: certificate.serialText, owner: certificate.owner,
      source: identity.uscc?.source ?? "", issuer: certificate.issuer.text, notBefore: certificate.validity.notBefore,
      notAfter: certificate.validity.notAfter, der: certificate.der, bound: now)
  }
}

/// What a page sent to show who comes.
enum Proof: Sendable {
  case token(LoginToken)
  case signature(PlainSignature)
  case unreadable(LoginRefusal)
}

extension LoginRefusal {
  /// What verifying came to, as a value.
  enum Outcome: Sendable, Equatable {
    case accepted(LoginIdentity)
    case refused(LoginRefusal)
  }
}
