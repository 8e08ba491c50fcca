/// The steps. The text is one for both databases but for three things that are not said alike: what keeps the audit, the name of
/// bytes, and how a table is laid out.
extension Schema {
  static func steps(_ dialect: SQLDialect) -> [Step] {
    [
      Step(number: 1, text: bytes(dialect) + tables + auditKeeper(dialect) + moreTables),
      Step(number: 2, text: search(dialect)),
      Step(number: 3, text: shortLived(dialect)),
    ]
  }

  private static func bytes(_ dialect: SQLDialect) -> String {
    dialect == .postgresql ? "CREATE DOMAIN blob AS bytea;\n" : ""
  }

  private static func auditKeeper(_ dialect: SQLDialect) -> String {
    switch dialect {
    case .sqlite:
      """
      CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
      CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

      """
    case .postgresql:
      """
      CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$;
      CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

      """
    }
  }

  /// What is searched (``SearchText``): each company's text under a number, and every piece of three characters of it.
  private static func search(_ dialect: SQLDialect) -> String {
    """
    CREATE TABLE search_texts (
      number bigint PRIMARY KEY, company text NOT NULL UNIQUE REFERENCES companies (id), content text NOT NULL);
    CREATE TABLE search_pieces (
      piece text \(dialect == .postgresql ? #"COLLATE "C" "# : "")NOT NULL, number bigint NOT NULL,
      PRIMARY KEY (piece, number))\(dialect == .sqlite ? " WITHOUT ROWID" : "");
    """
  }

  /// What each login writes, without indexes that nothing is looked for by: nonces and handles are random, and found by
  /// session and by owner. In SQLite a table of its own key is one tree in place of two; in PostgreSQL the tables stay, and
  /// with them what the owner has granted.
  private static func shortLived(_ dialect: SQLDialect) -> String {
    switch dialect {
    case .sqlite:
      """
      DROP TABLE challenges;
      CREATE TABLE challenges (
        session text PRIMARY KEY, nonce text NOT NULL, origin text NOT NULL, issued bigint NOT NULL) WITHOUT ROWID;
      ALTER TABLE sessions RENAME TO sessions_before;
      DROP INDEX sessions_subject;
      CREATE TABLE sessions (
        token text PRIMARY KEY, handle text NOT NULL, kind text NOT NULL CHECK (kind IN ('company', 'administrator')),
        subject text NOT NULL, created bigint NOT NULL, seen bigint NOT NULL, address text NOT NULL, agent text NOT NULL,
        way text NOT NULL, certificate text NOT NULL) WITHOUT ROWID;
      INSERT INTO sessions SELECT * FROM sessions_before;
      DROP TABLE sessions_before;
      CREATE INDEX sessions_subject ON sessions (kind, subject);
      ALTER TABLE devices RENAME TO devices_before;
      CREATE TABLE devices (
        token text PRIMARY KEY, kind text NOT NULL, subject text NOT NULL, at bigint NOT NULL) WITHOUT ROWID;
      INSERT INTO devices SELECT * FROM devices_before;
      DROP TABLE devices_before;
      """
    case .postgresql:
      """
      ALTER TABLE challenges DROP CONSTRAINT IF EXISTS challenges_nonce_key;
      ALTER TABLE sessions DROP CONSTRAINT IF EXISTS sessions_handle_key;
      """
    }
  }

  private static let tables = """
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

    """

  private static let moreTables = """

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
