package struct Administrator: Sendable, Equatable {
  package var id: String
  package var loginName: String
  package var password: String
  package var created: Int64
}

/// A change that needs the yes of a second administrator.
package struct Proposal: Sendable, Equatable {
  package var id: String
  /// ``Rule`` whose value is to change, or `authority.remove`.
  package var kind: String
  package var value: String
  /// Login name of who asks.
  package var administrator: String
  package var created: Int64
}

/// A CA certificate that was added here.
struct StoredAuthority: Sendable, Equatable {
  var fingerprint: String
  var der: [UInt8]
  var owner: String
  var added: Int64
  var administrator: String
}

struct StoredList: Sendable, Equatable {
  var id: String
  var bytes: [UInt8]
  var issuer: String
  var thisUpdate: Int64
  /// 0 when it does not say.
  var nextUpdate: Int64
}

extension Store {
  package func administrators() throws(DatabaseError) -> [Administrator] {
    try database.rows("SELECT id, login_name, password, created FROM administrators ORDER BY login_name")
      .map(Self.administrator)
  }

  func administrator(id: String) throws(DatabaseError) -> Administrator? {
    try database.first("SELECT id, login_name, password, created FROM administrators WHERE id = $1", .text(id))
      .map(Self.administrator)
  }

  func administrator(loginName: String) throws(DatabaseError) -> Administrator? {
    try database.first(
      "SELECT id, login_name, password, created FROM administrators WHERE login_name = $1", .text(loginName)
    ).map(Self.administrator)
  }

  /// - Returns: `false` when the name is taken.
  package func add(_ administrator: Administrator) throws(DatabaseError) -> Bool {
    try database.run(
      "INSERT INTO administrators VALUES ($1, $2, $3, $4) ON CONFLICT (login_name) DO NOTHING",
      .text(administrator.id), .text(administrator.loginName), .text(administrator.password),
      .int(administrator.created)) == 1
  }

  func setAdministratorPassword(_ id: String, _ password: String) throws(DatabaseError) {
    try database.run("UPDATE administrators SET password = $1 WHERE id = $2", .text(password), .text(id))
  }

  private static func administrator(_ row: SQLRow) -> Administrator {
    Administrator(id: row.text(0), loginName: row.text(1), password: row.text(2), created: row.int(3))
  }

  // Proposals

  func propose(_ proposal: Proposal) throws(DatabaseError) {
    try database.run(
      "INSERT INTO proposals VALUES ($1, $2, $3, $4, $5, 'open', '', 0)", .text(proposal.id), .text(proposal.kind),
      .text(proposal.value), .text(proposal.administrator), .int(proposal.created))
  }

  func openProposals() throws(DatabaseError) -> [Proposal] {
    try database.rows(
      "SELECT id, kind, value, administrator, created FROM proposals WHERE state = 'open' ORDER BY created, id"
    ).map {
      Proposal(id: $0.text(0), kind: $0.text(1), value: $0.text(2), administrator: $0.text(3), created: $0.int(4))
    }
  }

  /// Closes it, once. - Returns: `nil` when it is not open, or when who decides has proposed it and says yes.
  func decide(_ id: String, isYes: Bool, by name: String, now: Int64) throws(DatabaseError) -> Proposal? {
    let row = try database.first(
      """
      UPDATE proposals SET state = $1, second = $2, decided = $3
      WHERE id = $4 AND state = 'open' AND ($1 = 'refused' OR administrator <> $2)
      RETURNING id, kind, value, administrator, created
      """, .text(isYes ? "done" : "refused"), .text(name), .int(now), .text(id))
    return row.map {
      Proposal(id: $0.text(0), kind: $0.text(1), value: $0.text(2), administrator: $0.text(3), created: $0.int(4))
    }
  }

  // Authorities and their lists

  func authorities() throws(DatabaseError) -> [StoredAuthority] {
    try database.rows(
      "SELECT fingerprint, der, owner, added, administrator FROM authorities ORDER BY owner, fingerprint"
    )
    .map {
      StoredAuthority(
        fingerprint: $0.text(0), der: $0.bytes(1), owner: $0.text(2), added: $0.int(3), administrator: $0.text(4))
    }
  }

  func add(_ authority: StoredAuthority) throws(DatabaseError) -> Bool {
    try database.run(
      "INSERT INTO authorities VALUES ($1, $2, $3, $4, $5) ON CONFLICT (fingerprint) DO NOTHING",
      .text(authority.fingerprint), .bytes(authority.der), .text(authority.owner), .int(authority.added),
      .text(authority.administrator)) == 1
  }

  func removeAuthority(_ fingerprint: String) throws(DatabaseError) {
    try database.run("DELETE FROM authorities WHERE fingerprint = $1", .text(fingerprint))
  }

  func lists() throws(DatabaseError) -> [StoredList] {
    try database.rows(
      "SELECT id, bytes, issuer, this_update, next_update FROM revocation_lists ORDER BY issuer, this_update DESC, id"
    ).map {
      StoredList(id: $0.text(0), bytes: $0.bytes(1), issuer: $0.text(2), thisUpdate: $0.int(3), nextUpdate: $0.int(4))
    }
  }

  func add(_ list: StoredList, administrator: String, now: Int64) throws(DatabaseError) -> Bool {
    try database.run(
      "INSERT INTO revocation_lists VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING", .text(list.id),
      .bytes(list.bytes), .text(list.issuer), .int(list.thisUpdate), .int(list.nextUpdate), .int(now),
      .text(administrator)) == 1
  }
}
