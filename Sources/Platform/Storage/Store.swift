internal import Base
internal import Glibc

/// The records of the platform over one connection. Every method is one question or one change; what has to be kept together
/// is done within ``transaction(_:)``.
package final class Store: Sendable {
  let database: Database

  /// Connects to the database, makes its file where there is none, and brings its tables up to date.
  ///
  /// - Parameter now: seconds since 1970-01-01 UTC.
  package init(_ place: DatabasePlace, now: Int64) throws(DatabaseError) {
    database = try Database(place)
    try Schema.migrate(database, now: now)
  }

  func transaction<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    try database.transaction(body)
  }

  /// 32 random bytes under this name, the same for every process on this database.
  func secret(_ name: String) throws(DatabaseError) -> [UInt8] {
    try database.run(
      "INSERT INTO secrets VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", .text(name), .bytes(try Self.random(32)))
    return try database.first("SELECT value FROM secrets WHERE name = $1", .text(name))?.bytes(0) ?? []
  }

  /// - Throws: when the system has no randomness to give: then nothing is made that must not be guessed.
  static func random(_ count: Int) throws(DatabaseError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard getentropy(&bytes, count) == 0 else { throw DatabaseError(.system, "getentropy") }
    return bytes
  }

  /// Names rows: 128 random bits.
  static func newID() throws(DatabaseError) -> String { lowerHexText(try random(16)) }

  /// A bearer's secret: 256 random bits. Only its digest is stored.
  static func newToken() throws(DatabaseError) -> String { lowerHexText(try random(32)) }

  // Settings

  func setting(_ name: String) throws(DatabaseError) -> String? {
    try database.first("SELECT value FROM settings WHERE name = $1", .text(name))?.text(0)
  }

  func set(_ name: String, _ value: String) throws(DatabaseError) {
    try database.run(
      "INSERT INTO settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", .text(name),
      .text(value))
  }

  // What a visitor has done before there is an account

  func keepReading(_ der: [UInt8], session: String, now: Int64) throws(DatabaseError) {
    try database.run(
      """
      INSERT INTO readings VALUES ($1, $2, $3)
      ON CONFLICT (session) DO UPDATE SET der = excluded.der, at = excluded.at
      """, .text(session), .bytes(der), .int(now))
  }

  /// The certificate whose key this visitor has shown to hold within the last half hour.
  func reading(session: String, now: Int64) throws(DatabaseError) -> [UInt8]? {
    try database.first(
      "SELECT der FROM readings WHERE session = $1 AND at > $2", .text(session), .int(now - Self.visit))?.bytes(0)
  }

  func dropReading(session: String) throws(DatabaseError) {
    try database.run("DELETE FROM readings WHERE session = $1", .text(session))
  }

  func keepReceipt(company: String, session: String, now: Int64) throws(DatabaseError) {
    try database.run(
      "INSERT INTO receipts VALUES ($1, $2, $3) ON CONFLICT (session) DO UPDATE SET company = excluded.company",
      .text(session), .text(company), .int(now))
  }

  func receipt(session: String, now: Int64) throws(DatabaseError) -> Company? {
    guard
      let row = try database.first(
        "SELECT company FROM receipts WHERE session = $1 AND at > $2", .text(session), .int(now - Self.visit))
    else { return nil }
    return try company(id: row.text(0))
  }

  /// Seconds that a visitor's readings and receipts are kept.
  static let visit: Int64 = 1800

  // Attempts

  /// How often something of this name was done within so many seconds.
  func attempts(_ name: String, within seconds: Int64, now: Int64) throws(DatabaseError) -> Int {
    let row = try database.first(
      "SELECT COUNT(*) FROM attempts WHERE name = $1 AND at > $2", .text(name), .int(now - seconds))
    return Int(row?.int(0) ?? 0)
  }

  func count(_ name: String, now: Int64) throws(DatabaseError) {
    try database.run("INSERT INTO attempts VALUES ($1, $2)", .text(name), .int(now))
  }

  func forgive(_ name: String) throws(DatabaseError) {
    try database.run("DELETE FROM attempts WHERE name = $1", .text(name))
  }

  /// Takes away what is past its time.
  package func tidy(now: Int64) throws(DatabaseError) {
    try transaction { () throws(DatabaseError) in
      try database.run("DELETE FROM attempts WHERE at < $1", .int(now - 86_400))
      try database.run("DELETE FROM challenges WHERE issued < $1", .int(now - 3600))
      for table in ["readings", "receipts"] {
        try database.run("DELETE FROM \(table) WHERE at < $1", .int(now - Self.visit))
      }
      try database.run("DELETE FROM codes WHERE issued < $1", .int(now - 3600))
      try database.run(
        "DELETE FROM sessions WHERE seen < $1 OR created < $2", .int(now - Session.idle), .int(now - Session.longest))
      try database.run("DELETE FROM devices WHERE at < $1", .int(now - 180 * 86_400))
    }
    try completeSearch()
  }
}
