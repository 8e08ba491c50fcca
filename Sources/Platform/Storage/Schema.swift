internal import Base
import CertificateKit

/// The tables, as numbered steps that only go forward. A step that has been released is never changed: what it looked like
/// is kept with it, and a database whose steps were others is not touched.
enum Schema {
  struct Step: Sendable {
    var number: Int64
    var text: String
  }

  static let steps = [Step(number: 1, text: first)]

  /// Brings a database to the newest step, each step whole or not at all; two programs that start at once do it once.
  ///
  /// - Throws: code -2 for a database of a newer program or of other steps than these.
  static func migrate(_ database: Database, steps: [Step] = Schema.steps, now: Int64) throws(DatabaseError) {
    try database.execute(
      "CREATE TABLE IF NOT EXISTS schema_steps (number bigint PRIMARY KEY, hash text NOT NULL, applied bigint NOT NULL)"
    )
    try database.transaction { () throws(DatabaseError) in
      let known = try database.rows("SELECT number, hash FROM schema_steps ORDER BY number")
      if let newest = known.last, newest.int(0) > steps.last?.number ?? 0 {
        throw DatabaseError(code: -2, text: "the database is of a newer program (step \(newest.int(0)))")
      }
      for step in steps {
        let hash = digestText(step.text)
        if let found = known.first(where: { $0.int(0) == step.number }) {
          guard found.text(1) == hash else {
            throw DatabaseError(code: -2, text: "step \(step.number) of the database is another one")
          }
          continue
        }
        try database.execute(step.text)
        try database.run("INSERT INTO schema_steps VALUES ($1, $2, $3)", .int(step.number), .text(hash), .int(now))
      }
    }
  }

  private static let first = """
    CREATE TABLE secrets (name text PRIMARY KEY, value blob NOT NULL);

    CREATE TABLE companies (
      id text PRIMARY KEY, name text NOT NULL, uscc text NOT NULL UNIQUE, organization_code text NOT NULL,
      code_warning smallint NOT NULL, login_name text NOT NULL UNIQUE, contact text NOT NULL, mobile text NOT NULL,
      password text NOT NULL, state text NOT NULL CHECK (state IN ('waiting', 'active', 'suspended')),
      reason text NOT NULL, receipt text NOT NULL UNIQUE, created bigint NOT NULL);
    CREATE INDEX companies_state ON companies (state, created);
    CREATE INDEX companies_search ON companies (created DESC, id, name, uscc, login_name, state);
    CREATE INDEX companies_organization ON companies (organization_code);

    CREATE TABLE certificates (
      fingerprint text PRIMARY KEY, company text NOT NULL REFERENCES companies (id), serial text NOT NULL,
      owner text NOT NULL, source text NOT NULL, issuer text NOT NULL, not_before bigint NOT NULL,
      not_after bigint NOT NULL, der blob NOT NULL, bound bigint NOT NULL);
    CREATE INDEX certificates_company ON certificates (company, not_after);

    CREATE TABLE administrators (
      id text PRIMARY KEY, login_name text NOT NULL UNIQUE, password text NOT NULL, created bigint NOT NULL);

    CREATE TABLE sessions (
      token text PRIMARY KEY, handle text NOT NULL UNIQUE, kind text NOT NULL CHECK (kind IN ('company', 'administrator')),
      subject text NOT NULL, created bigint NOT NULL, seen bigint NOT NULL, address text NOT NULL, agent text NOT NULL,
      way text NOT NULL, certificate text NOT NULL);
    CREATE INDEX sessions_subject ON sessions (kind, subject);

    CREATE TABLE challenges (
      session text PRIMARY KEY, nonce text NOT NULL UNIQUE, origin text NOT NULL, issued bigint NOT NULL);
    CREATE TABLE readings (session text PRIMARY KEY, der blob NOT NULL, at bigint NOT NULL);
    CREATE TABLE codes (
      session text PRIMARY KEY, mobile text NOT NULL, hash text NOT NULL, issued bigint NOT NULL, tries smallint NOT NULL);
    CREATE TABLE receipts (session text PRIMARY KEY, company text NOT NULL, at bigint NOT NULL);

    CREATE TABLE attempts (name text NOT NULL, at bigint NOT NULL);
    CREATE INDEX attempts_name ON attempts (name, at);
    CREATE TABLE devices (token text PRIMARY KEY, kind text NOT NULL, subject text NOT NULL, at bigint NOT NULL);

    CREATE TABLE audit (
      seq bigint PRIMARY KEY, at bigint NOT NULL, actor text NOT NULL, kind text NOT NULL, subject text NOT NULL,
      detail text NOT NULL, prev text NOT NULL UNIQUE, hash text NOT NULL UNIQUE);
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

    CREATE TABLE outbox (
      id text PRIMARY KEY, kind text NOT NULL, about text NOT NULL UNIQUE, recipient text NOT NULL, body text NOT NULL,
      created bigint NOT NULL, state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')), tries smallint NOT NULL,
      next bigint NOT NULL, note text NOT NULL);
    CREATE INDEX outbox_state ON outbox (state, next);

    CREATE TABLE authorities (
      fingerprint text PRIMARY KEY, der blob NOT NULL, owner text NOT NULL, added bigint NOT NULL, administrator text NOT NULL);
    CREATE TABLE revocation_lists (
      id text PRIMARY KEY, bytes blob NOT NULL, issuer text NOT NULL, this_update bigint NOT NULL,
      next_update bigint NOT NULL, added bigint NOT NULL, administrator text NOT NULL);

    CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE proposals (
      id text PRIMARY KEY, kind text NOT NULL, value text NOT NULL, administrator text NOT NULL, created bigint NOT NULL,
      state text NOT NULL CHECK (state IN ('open', 'done', 'refused')), second text NOT NULL, decided bigint NOT NULL);
    """
}

/// SHA-256 in lower-case hexadecimal; of a token, what is stored in its place.
func digestText(_ text: String) -> String { digestText(Array(text.utf8)) }

func digestText(_ bytes: [UInt8]) -> String {
  // SHA-256 is in every OpenSSL; without it an empty text matches nothing that was stored.
  lowerHexText((try? DigestAlgorithm.sha256.digest(of: bytes)) ?? [])
}
