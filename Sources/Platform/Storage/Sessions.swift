/// Who is logged in, and how.
package struct Session: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case company
    case administrator
  }

  /// Names it to its owner, who may end it; worth nothing as a token.
  package var handle: String
  package var kind: Kind
  /// Of the company or the administrator.
  package var subject: String
  package var created: Int64
  package var seen: Int64
  package var address: String
  package var agent: String
  /// `certificate`, `szca`, `password`.
  package var way: String
  /// Fingerprint; empty after a password.
  package var certificate: String

  /// Seconds without a request after which it ends.
  package static let idle: Int64 = 1800
  /// Seconds after which it ends in any case.
  package static let longest: Int64 = 8 * 3600
}

extension Store {
  private static let columns = "handle, kind, subject, created, seen, address, agent, way, certificate"

  /// - Returns: the token for the browser, which is stored nowhere.
  func begin(_ session: Session) throws(DatabaseError) -> String {
    let token = try Self.newToken()
    try database.run(
      "INSERT INTO sessions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", .text(digestText(token)),
      .text(try Self.newID()), .text(session.kind.rawValue), .text(session.subject), .int(session.created),
      .int(session.created), .text(session.address), .text(session.agent), .text(session.way),
      .text(session.certificate)
    )
    return token
  }

  /// The session of a token, if it has not ended; it is seen now.
  func session(token: String, now: Int64) throws(DatabaseError) -> Session? {
    let digest = digestText(token)
    guard
      let row = try database.first(
        "SELECT \(Self.columns) FROM sessions WHERE token = $1 AND seen > $2 AND created > $3", .text(digest),
        .int(now - Session.idle), .int(now - Session.longest)), let session = Self.session(row)
    else { return nil }
    // Once a minute: a page is read without writing.
    if now - session.seen >= 60 {
      try database.run("UPDATE sessions SET seen = $1 WHERE token = $2", .int(now), .text(digest))
    }
    return session
  }

  /// Those that have not ended, the one seen last first.
  func sessions(_ kind: Session.Kind, _ subject: String, now: Int64) throws(DatabaseError) -> [Session] {
    try database.rows(
      """
      SELECT \(Self.columns) FROM sessions WHERE kind = $1 AND subject = $2 AND seen > $3 AND created > $4
      ORDER BY seen DESC, handle
      """, .text(kind.rawValue), .text(subject), .int(now - Session.idle), .int(now - Session.longest)
    ).compactMap(Self.session)
  }

  func end(token: String) throws(DatabaseError) {
    try database.run("DELETE FROM sessions WHERE token = $1", .text(digestText(token)))
  }

  /// Only one's own: `false` when it is not.
  func end(handle: String, _ kind: Session.Kind, _ subject: String) throws(DatabaseError) -> Bool {
    try database.run(
      "DELETE FROM sessions WHERE handle = $1 AND kind = $2 AND subject = $3", .text(handle), .text(kind.rawValue),
      .text(subject)) == 1
  }

  /// All of them but one.
  func endAll(_ kind: Session.Kind, _ subject: String, except handle: String = "") throws(DatabaseError) {
    try database.run(
      "DELETE FROM sessions WHERE kind = $1 AND subject = $2 AND handle <> $3", .text(kind.rawValue), .text(subject),
      .text(handle))
  }

  private static func session(_ row: SQLRow) -> Session? {
    guard let kind = Session.Kind(rawValue: row.text(1)) else { return nil }
    return Session(
      handle: row.text(0), kind: kind, subject: row.text(2), created: row.int(3), seen: row.int(4),
      address: row.text(5), agent: row.text(6), way: row.text(7), certificate: row.text(8))
  }

  // Browsers that have logged in before: what strangers try elsewhere does not keep them out.

  func remember(_ kind: Session.Kind, _ subject: String, now: Int64) throws(DatabaseError) -> String {
    let token = try Self.newToken()
    try database.run(
      "INSERT INTO devices VALUES ($1, $2, $3, $4)", .text(digestText(token)), .text(kind.rawValue), .text(subject),
      .int(now))
    return token
  }

  func isKnown(device token: String, _ kind: Session.Kind, _ subject: String) throws(DatabaseError) -> Bool {
    try database.first(
      "SELECT 1 FROM devices WHERE token = $1 AND kind = $2 AND subject = $3", .text(digestText(token)),
      .text(kind.rawValue), .text(subject)) != nil
  }
}
