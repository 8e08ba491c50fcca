/// Where the records are.
package enum DatabasePlace: Sendable, Equatable {
  /// A file of this machine.
  case sqlite(String)
  /// A server, as libpq's URIs name it. It may hold a password: it is never shown or logged.
  case postgresql(String)

  /// Whether it is the address of a server.
  package static func isServer(_ text: String) -> Bool {
    text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
  }
}

/// One connection to the database, whichever it is, and what is done when it fails. Each thread that works has its own.
///
/// Unchecked because it belongs to one thread at a time: the one of the worker that holds this value.
final class Database: @unchecked Sendable {
  private let connection: any SQLConnection
  private var depth = 0

  /// How often something is done anew that came to nothing through no fault of its own.
  private static let tries = 4

  init(_ place: DatabasePlace) throws(DatabaseError) {
    switch place {
    case .sqlite(let path): connection = try SQLiteConnection(path: path)
    case .postgresql(let address): connection = try PostgreSQLConnection(address: address)
    }
  }

  var dialect: SQLDialect { connection.dialect }

  /// Statements without values, one after the other.
  func execute(_ text: String) throws(DatabaseError) {
    if depth == 0 { try connection.prepare() }
    try connection.execute(text)
  }

  /// Runs one statement. - Returns: the number of rows that it changed.
  @discardableResult
  func run(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> Int { try answer(text, values).changed }

  func rows(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> [SQLRow] { try answer(text, values).rows }

  func first(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> SQLRow? {
    try answer(text, values).rows.first
  }

  private func answer(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> SQLAnswer {
    let values = values.map(\.kept)
    guard depth == 0 else { return try connection.run(text, values) }
    let isReading = text.hasPrefix("SELECT") || text.hasPrefix("WITH")
    return try again { () throws(DatabaseError) in
      do throws(DatabaseError) { return try connection.run(text, values) } catch {
        // It may have been kept although nobody said so.
        if error.kind == .lost, !isReading { throw DatabaseError(.unknown, code: error.code, error.text) }
        throw error
      }
    }
  }

  /// Runs `body` in one transaction, taken for writing at once, so that what it read is still so when it writes. Within one
  /// it is part of that. An error takes all back; an outcome, whatever it says, is kept.
  ///
  /// - Parameter body: changes nothing but the database: it is done again when the database took it back by itself, or was
  ///   lost before it was asked to keep it.
  func transaction<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    if depth > 0 { return try body() }
    return try again { () throws(DatabaseError) in try once(body) }
  }

  /// A database that cannot be reached is waited for once, where it connects.
  private func again<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    for _ in 1..<Self.tries {
      try connection.prepare()
      do throws(DatabaseError) { return try body() } catch {
        guard error.isRepeatable else { throw error }
      }
    }
    try connection.prepare()
    return try body()
  }

  private func once<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    try connection.begin()
    depth += 1
    defer { depth -= 1 }
    let value: Value
    do throws(DatabaseError) { value = try body() } catch {
      connection.rollBack()
      throw error
    }
    do throws(DatabaseError) { try connection.commit() } catch {
      connection.rollBack()
      guard error.kind == .lost else { throw error }
      switch connection.wasKept() {
      case true?: return value
      case false?: throw error
      case nil: throw DatabaseError(.unknown, code: error.code, error.text)
      }
    }
    return value
  }

  /// Does what nobody is told of before the disk has it: after a loss of power it may be undone, after a crash it is there.
  /// For what is worth nothing a few minutes later. Not within a transaction.
  func hastily<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    try connection.prepare()
    try connection.waitForDisk(false)
    defer { try? connection.waitForDisk(true) }
    return try body()
  }
}
