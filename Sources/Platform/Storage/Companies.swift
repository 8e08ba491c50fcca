/// A contractor that is registered.
package struct Company: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// Registered, not yet approved.
    case waiting
    case active
    case suspended
  }

  package var id: String
  package var name: String
  /// 统一社会信用代码.
  package var uscc: String
  /// A check digit of the code is wrong; taken with a warning, as pilot codes have it.
  package var hasCodeWarning: Bool
  package var loginName: String
  /// 经办人.
  package var contact: String
  package var mobile: String
  /// As ``PasswordHash`` writes it.
  package var password: String
  package var state: State
  /// Why it is in this state, in an administrator's words.
  package var reason: String
  /// Number of the registration receipt.
  package var receipt: String
  package var created: Int64
}

/// A certificate that a company has shown to hold the key of.
package struct BoundCertificate: Sendable, Equatable {
  package var fingerprint: String
  package var company: String
  package var serial: String
  package var owner: String
  /// The field of the certificate that the code was read from.
  package var source: String
  package var issuer: String
  package var notBefore: Int64
  package var notAfter: Int64
  package var der: [UInt8]
  package var bound: Int64
}

extension Store {
  static let companyColumns = """
    c.id, c.name, c.uscc, c.code_warning, c.login_name, c.contact, c.mobile, c.password, c.state, c.reason, c.receipt, c.created
    """

  func company(id: String) throws(DatabaseError) -> Company? {
    try database.first("SELECT \(Self.companyColumns) FROM companies c WHERE id = $1", .text(id)).flatMap(Self.company)
  }

  func company(uscc: String) throws(DatabaseError) -> Company? {
    try database.first("SELECT \(Self.companyColumns) FROM companies c WHERE uscc = $1", .text(uscc)).flatMap(
      Self.company)
  }

  /// By characters 9–17 of its code, which older certificates have alone; `nil` also when two have the same.
  func company(organizationCode: String) throws(DatabaseError) -> Company? {
    let rows = try database.rows(
      "SELECT \(Self.companyColumns) FROM companies c WHERE organization_code = $1 LIMIT 2", .text(organizationCode))
    return rows.count == 1 ? Self.company(rows[0]) : nil
  }

  func company(loginName: String) throws(DatabaseError) -> Company? {
    try database.first("SELECT \(Self.companyColumns) FROM companies c WHERE login_name = $1", .text(loginName))
      .flatMap(Self.company)
  }

  /// - Returns: `false` when its code or its login name is taken.
  func add(_ company: Company) throws(DatabaseError) -> Bool {
    try transaction { () throws(DatabaseError) in
      let count = try database.run(
        """
        INSERT INTO companies VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING
        """, .text(company.id), .text(company.name), .text(company.uscc),
        .text(String(company.uscc.dropFirst(8).prefix(9))), .flag(company.hasCodeWarning), .text(company.loginName),
        .text(company.contact), .text(company.mobile), .text(company.password), .text(company.state.rawValue),
        .text(company.reason), .text(company.receipt), .int(company.created))
      guard count == 1 else { return false }
      try addSearchText(of: company)
      return true
    }
  }

  /// Only from the state in which it was seen: of two administrators who decide at once, one does.
  func move(
    _ id: String, from state: Company.State, to next: Company.State, reason: String
  ) throws(DatabaseError) -> Bool {
    try database.run(
      "UPDATE companies SET state = $1, reason = $2 WHERE id = $3 AND state = $4", .text(next.rawValue), .text(reason),
      .text(id), .text(state.rawValue)) == 1
  }

  func setContact(_ id: String, contact: String, mobile: String) throws(DatabaseError) {
    try database.run(
      "UPDATE companies SET contact = $1, mobile = $2 WHERE id = $3", .text(contact), .text(mobile), .text(id))
  }

  func setPassword(_ id: String, _ password: String) throws(DatabaseError) {
    try database.run("UPDATE companies SET password = $1 WHERE id = $2", .text(password), .text(id))
  }

  /// How many are in each state; more than `limit` are not counted.
  func companyCounts(limit: Int) throws(DatabaseError) -> [Company.State: Int] {
    var counts: [Company.State: Int] = [:]
    for state in Company.State.allCases {
      let row = try database.first(
        "SELECT COUNT(*) FROM (SELECT 1 FROM companies WHERE state = $1 LIMIT $2) AS found", .text(state.rawValue),
        .int(Int64(limit) + 1))
      counts[state] = Int(row?.int(0) ?? 0)
    }
    return counts
  }

  static func company(_ row: SQLRow) -> Company? {
    guard let state = Company.State(rawValue: row.text(8)) else { return nil }
    return Company(
      id: row.text(0), name: row.text(1), uscc: row.text(2), hasCodeWarning: row.flag(3), loginName: row.text(4),
      contact: row.text(5), mobile: row.text(6), password: row.text(7), state: state, reason: row.text(9),
      receipt: row.text(10), created: row.int(11))
  }

  // Certificates

  private static let certificateColumns =
    "fingerprint, company, serial, owner, source, issuer, not_before, not_after, der, bound"

  /// - Returns: `false` when it was known already.
  func bind(_ certificate: BoundCertificate) throws(DatabaseError) -> Bool {
    try database.run(
      "INSERT INTO certificates VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (fingerprint) DO NOTHING",
      .text(certificate.fingerprint), .text(certificate.company), .text(certificate.serial), .text(certificate.owner),
      .text(certificate.source), .text(certificate.issuer), .int(certificate.notBefore), .int(certificate.notAfter),
      .bytes(certificate.der), .int(certificate.bound)) == 1
  }

  /// Of a company, the one that is valid longest first.
  func certificates(of company: String) throws(DatabaseError) -> [BoundCertificate] {
    try database.rows(
      "SELECT \(Self.certificateColumns) FROM certificates WHERE company = $1 ORDER BY not_after DESC, fingerprint",
      .text(company)
    ).map(Self.certificate)
  }

  /// The newest certificate of each active company that ends between these moments, with the company's mobile.
  func endingCertificates(
    from: Int64, to: Int64
  ) throws(DatabaseError) -> [(certificate: BoundCertificate, mobile: String, name: String)] {
    try database.rows(
      """
      SELECT c.fingerprint, c.company, c.serial, c.owner, c.source, c.issuer, c.not_before, c.not_after, c.der, c.bound,
        o.mobile, o.name FROM certificates c JOIN companies o ON o.id = c.company
      WHERE o.state = 'active' AND c.not_after >= $1 AND c.not_after < $2
        AND NOT EXISTS (SELECT 1 FROM certificates n WHERE n.company = c.company AND n.not_after > c.not_after)
      """, .int(from), .int(to)
    ).map { (Self.certificate($0), $0.text(10), $0.text(11)) }
  }

  private static func certificate(_ row: SQLRow) -> BoundCertificate {
    BoundCertificate(
      fingerprint: row.text(0), company: row.text(1), serial: row.text(2), owner: row.text(3), source: row.text(4),
      issuer: row.text(5), notBefore: row.int(6), notAfter: row.int(7), der: row.bytes(8), bound: row.int(9))
  }
}
