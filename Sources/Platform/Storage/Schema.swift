internal import Base
import CertificateKit

/// The tables, as numbered steps that only go forward. A step that has been released is never changed: what it looked like
/// is kept with it, and a database whose steps were others is not touched.
enum Schema {
  struct Step: Sendable {
    var number: Int64
    var text: String
  }

  /// Brings a database to the newest step, all that is missing or nothing; two programs that start at once do it once.
  ///
  /// - Throws: kind `schema` for a database of a newer program or of other steps than these.
  static func migrate(_ database: Database, steps: [Step]? = nil, now: Int64) throws(DatabaseError) {
    let steps = steps ?? Self.steps(database.dialect)
    try database.transaction { () throws(DatabaseError) in
      // Asked first: who may only read and write the tables may not make one, not even one that is there.
      if try database.first(isThere(database.dialect), .text("schema_steps")) == nil {
        try database.execute(
          "CREATE TABLE schema_steps (number bigint PRIMARY KEY, hash text NOT NULL, applied bigint NOT NULL)")
      }
      let known = try database.rows("SELECT number, hash FROM schema_steps ORDER BY number")
      if let newest = known.last, newest.int(0) > steps.last?.number ?? 0 {
        throw DatabaseError(.schema, "the database is of a newer program (step \(newest.int(0)))")
      }
      for step in steps {
        let hash = digestText(step.text)
        if let found = known.first(where: { $0.int(0) == step.number }) {
          guard found.text(1) == hash else {
            throw DatabaseError(.schema, "step \(step.number) of the database is another one")
          }
          continue
        }
        try database.execute(step.text)
        try database.run("INSERT INTO schema_steps VALUES ($1, $2, $3)", .int(step.number), .text(hash), .int(now))
      }
    }
  }

  private static func isThere(_ dialect: SQLDialect) -> String {
    switch dialect {
    case .sqlite: "SELECT 1 FROM sqlite_master WHERE name = $1"
    case .postgresql: "SELECT 1 WHERE to_regclass($1) IS NOT NULL"
    }
  }
}

/// SHA-256 in lower-case hexadecimal; of a token, what is stored in its place.
func digestText(_ text: String) -> String { digestText(Array(text.utf8)) }

func digestText(_ bytes: [UInt8]) -> String {
  // SHA-256 is in every OpenSSL; without it an empty text matches nothing that was stored.
  lowerHexText((try? DigestAlgorithm.sha256.digest(of: bytes)) ?? [])
}
