/// A message that waits to be sent.
package struct OutboxMessage: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case code
    case reminder
    case notice
  }

  package var id: String
  package var kind: Kind
  /// What it is about: the same is told once.
  package var about: String
  /// A mobile number.
  package var recipient: String
  package var body: String
  package var created: Int64
  package var tries: Int
}

extension Store {
  /// - Returns: `false` when there is one about the same already.
  @discardableResult
  func send(_ kind: OutboxMessage.Kind, about: String, to recipient: String, _ body: String, now: Int64)
    throws(DatabaseError) -> Bool
  {
    try database.run(
      "INSERT INTO outbox VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $6, '') ON CONFLICT (about) DO NOTHING",
      .text(try Self.newID()), .text(kind.rawValue), .text(about), .text(recipient), .text(body), .int(now)) == 1
  }

  /// Takes the next one that is due; for a minute nobody else gets it: of two who find the same one, the second finds it taken.
  package func takeMessage(now: Int64) throws(DatabaseError) -> OutboxMessage? {
    let row = try database.first(
      """
      UPDATE outbox SET tries = tries + 1, next = $1 WHERE state = 'waiting' AND next <= $2 AND id =
        (SELECT id FROM outbox WHERE state = 'waiting' AND next <= $2 ORDER BY next, id LIMIT 1)
      RETURNING id, kind, about, recipient, body, created, tries
      """, .int(now + 60), .int(now))
    guard let row, let kind = OutboxMessage.Kind(rawValue: row.text(1)) else { return nil }
    return OutboxMessage(
      id: row.text(0), kind: kind, about: row.text(2), recipient: row.text(3), body: row.text(4), created: row.int(5),
      tries: Int(row.int(6)))
  }

  package func sent(_ message: OutboxMessage) throws(DatabaseError) {
    // A code is not kept when it is out; the text of a reminder may be asked for.
    try database.run(
      "UPDATE outbox SET state = 'sent', body = $1, note = '' WHERE id = $2",
      .text(message.kind == .code ? "" : message.body), .text(message.id))
  }

  /// Tried again after a while that doubles, six times in all.
  package func failed(_ message: OutboxMessage, _ note: String, now: Int64) throws(DatabaseError) {
    let isLast = message.tries >= 6
    try database.run(
      "UPDATE outbox SET state = $1, note = $2, next = $3 WHERE id = $4", .text(isLast ? "failed" : "waiting"),
      .text(String(note.prefix(200))), .int(now + 30 << Int64(min(max(message.tries, 0), 10))), .text(message.id))
  }

  func outboxCounts() throws(DatabaseError) -> [String: Int] {
    let rows = try database.rows("SELECT state, COUNT(*) FROM outbox GROUP BY state")
    return rows.reduce(into: [:]) { $0[$1.text(0)] = Int($1.int(1)) }
  }

  // Codes by SMS

  func keepCode(_ code: String, mobile: String, session: String, now: Int64) throws(DatabaseError) {
    try database.run(
      """
      INSERT INTO codes VALUES ($1, $2, $3, $4, 0) ON CONFLICT (session) DO UPDATE
      SET mobile = excluded.mobile, hash = excluded.hash, issued = excluded.issued, tries = 0
      """, .text(session), .text(mobile), .text(digestText(session + code)), .int(now))
  }

  enum CodeVerdict: Sendable, Equatable {
    case right
    case wrong
    /// None was sent to this mobile for this session, or it is over.
    case none
  }

  /// Five tries within ten minutes. It stays until what it was asked for is done (``dropCode(session:)``).
  func checkCode(_ code: String, mobile: String, session: String, now: Int64) throws(DatabaseError) -> CodeVerdict {
    let row = try database.first(
      """
      UPDATE codes SET tries = tries + 1 WHERE session = $1 AND mobile = $2 AND issued > $3 AND tries < 5 RETURNING hash
      """, .text(session), .text(mobile), .int(now - 600))
    guard let row else { return .none }
    return row.text(0) == digestText(session + code) ? .right : .wrong
  }

  func dropCode(session: String) throws(DatabaseError) {
    try database.run("DELETE FROM codes WHERE session = $1", .text(session))
  }
}
