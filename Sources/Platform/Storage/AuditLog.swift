/// What happened, in order, each row with the hash of the one before: a row that was changed, taken out or put in shows.
package struct AuditEntry: Sendable, Equatable {
  package var seq: Int64
  /// Seconds since 1970-01-01 UTC.
  package var at: Int64
  /// `company ID`, `administrator NAME`, `visitor ADDRESS`, `system`.
  package var actor: String
  /// A stable word with dots: `login.refused`.
  package var kind: String
  /// Whom or what it is about.
  package var subject: String
  package var detail: String
  package var prev: String
  package var hash: String

  /// What is hashed: every field behind the hash of the row before, each with its length in bytes in front, so that no two
  /// rows read the same.
  static func canonical(
    prev: String, seq: Int64, at: Int64, actor: String, kind: String, subject: String, detail: String
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    for field in [prev, String(seq), String(at), actor, kind, subject, detail] {
      bytes += Array("\(field.utf8.count):".utf8) + Array(field.utf8) + [0x0A]
    }
    return bytes
  }
}

/// What reading the whole chain found.
package enum AuditVerdict: Sendable, Equatable {
  case whole(rows: Int64, head: String)
  /// The first row that does not fit.
  case broken(seq: Int64)
}

extension Store {
  /// The hash that the first row follows.
  static let auditBeginning = String(repeating: "0", count: 64)

  /// Adds a row. Within a transaction, so that what is told and what was done are kept together or not at all.
  func audit(_ actor: String, _ kind: String, _ subject: String, _ detail: String = "", at now: Int64)
    throws(DatabaseError)
  {
    try database.transaction { () throws(DatabaseError) in
      let head = try database.first("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
      let seq = (head?.int(0) ?? 0) + 1
      let prev = head?.text(1) ?? Self.auditBeginning
      let (actor, subject, detail) = (Self.cut(actor), Self.cut(subject), Self.cut(detail))
      let bytes = AuditEntry.canonical(
        prev: prev, seq: seq, at: now, actor: actor, kind: kind, subject: subject, detail: detail)
      try database.run(
        "INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", .int(seq), .int(now), .text(actor), .text(kind),
        .text(subject), .text(detail), .text(prev), .text(digestText(bytes)))
    }
  }

  /// Newest first.
  func auditEntries(before seq: Int64?, subject: String?, limit: Int) throws(DatabaseError) -> [AuditEntry] {
    try database.rows(
      """
      SELECT seq, at, actor, kind, subject, detail, prev, hash FROM audit
      WHERE seq < $1 AND ($2 = '' OR subject = $2 OR actor = $2 OR kind = $2) ORDER BY seq DESC LIMIT $3
      """, .int(seq ?? .max), .text(subject ?? ""), .int(Int64(limit))
    ).map(Self.entry)
  }

  package func verifyAudit() throws(DatabaseError) -> AuditVerdict {
    var prev = Self.auditBeginning
    var seq: Int64 = 0
    while true {
      let rows = try database.rows(
        "SELECT seq, at, actor, kind, subject, detail, prev, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000",
        .int(seq)
      ).map(Self.entry)
      guard !rows.isEmpty else { return .whole(rows: seq, head: prev) }
      for row in rows {
        let bytes = AuditEntry.canonical(
          prev: prev, seq: row.seq, at: row.at, actor: row.actor, kind: row.kind, subject: row.subject,
          detail: row.detail)
        guard row.seq == seq + 1, row.prev == prev, row.hash == digestText(bytes) else { return .broken(seq: seq + 1) }
        seq = row.seq
        prev = row.hash
      }
    }
  }

  private static func entry(_ row: SQLRow) -> AuditEntry {
    AuditEntry(
      seq: row.int(0), at: row.int(1), actor: row.text(2), kind: row.text(3), subject: row.text(4), detail: row.text(5),
      prev: row.text(6), hash: row.text(7))
  }

  /// A row is for reading: what a stranger sends does not fill it.
  private static func cut(_ text: String) -> String {
    SQLValue.kept(String(String.UnicodeScalarView(text.unicodeScalars.prefix(500))))
  }
}
