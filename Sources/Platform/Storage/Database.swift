import CSQLite

/// Why the database did not do what was asked: sqlite's extended result code and its words, for the log.
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
  package var code: Int32
  package var text: String

  package var description: String { "sqlite \(code): \(text)" }

  /// A row of that key is there already: `UNIQUE`, `PRIMARY KEY`.
  var isDuplicate: Bool { code == 2067 || code == 1555 }
}

/// A value that is stored. There are three kinds, the same on every database: text, whole numbers, bytes.
enum SQLValue: Sendable, Equatable {
  case text(String)
  case int(Int64)
  case bytes([UInt8])
  case null

  static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
  static func flag(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }
}

/// One connection to the SQLite file. Each thread that works has its own.
///
/// Unchecked because it is opened with `SQLITE_OPEN_FULLMUTEX` and the statements belong to one thread at a time: the one of
/// the worker that holds this value.
final class Database: @unchecked Sendable {
  private let library: UnsafePointer<ukey_sqlite_store>
  private let handle: OpaquePointer
  /// Prepared statements by their text; there are as many as there are texts in this module.
  private var statements: [String: OpaquePointer] = [:]
  private var depth = 0

  /// Milliseconds a writer waits for another one.
  private static let patience: Int32 = 5000

  init(path: String) throws(DatabaseError) {
    guard let library = ukey_sqlite_store_open() else { throw DatabaseError(code: -1, text: "libsqlite3.so.0") }
    self.library = library
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX
    let code = library.pointee.sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      if let handle { _ = library.pointee.sqlite3_close(handle) }
      throw DatabaseError(code: code, text: "open")
    }
    self.handle = handle
    _ = library.pointee.sqlite3_extended_result_codes(handle, 1)
    _ = library.pointee.sqlite3_busy_timeout(handle, Self.patience)
    // FULL: what was answered with yes is there after a loss of power too.
    for text in ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"] {
      try execute(text)
    }
  }

  deinit {
    for statement in statements.values { _ = library.pointee.sqlite3_finalize(statement) }
    _ = library.pointee.sqlite3_close(handle)
  }

  /// Statements without values, one after the other.
  func execute(_ text: String) throws(DatabaseError) {
    let code = library.pointee.sqlite3_exec(handle, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// Runs one statement. - Returns: the number of rows that it changed.
  @discardableResult
  func run(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> Int {
    _ = try rows(text, values)
    return Int(library.pointee.sqlite3_changes(handle))
  }

  func rows(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> [SQLRow] { try rows(text, values) }

  func first(_ text: String, _ values: SQLValue...) throws(DatabaseError) -> SQLRow? { try rows(text, values).first }

  /// Runs `body` in one transaction, taken for writing at once, so that what it read is still so when it writes. Within one
  /// it is part of that. An error takes all back; an outcome, whatever it says, is kept.
  func transaction<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    if depth > 0 { return try body() }
    try execute("BEGIN IMMEDIATE")
    depth += 1
    defer { depth -= 1 }
    do throws(DatabaseError) {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Does what nobody is told of before the disk has it: after a loss of power it may be undone, after a crash it is there.
  /// For what is worth nothing a few minutes later. Not within a transaction.
  func hastily<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
    try execute("PRAGMA synchronous=NORMAL")
    defer { try? execute("PRAGMA synchronous=FULL") }
    return try body()
  }

  private func rows(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
    let statement = try prepared(text)
    defer {
      _ = library.pointee.sqlite3_reset(statement)
      _ = library.pointee.sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try bind(value, "$\(index + 1)", statement) }
    var result: [SQLRow] = []
    while true {
      let code = library.pointee.sqlite3_step(statement)
      if code == SQLITE_DONE { return result }
      guard code == SQLITE_ROW else { throw failure(code) }
      result.append(row(statement))
    }
  }

  private func prepared(_ text: String) throws(DatabaseError) -> OpaquePointer {
    if let known = statements[text] { return known }
    var statement: OpaquePointer?
    let code = library.pointee.sqlite3_prepare_v2(handle, text, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code) }
    statements[text] = statement
    return statement
  }

  /// By name: in SQLite `$1` is one, and not the first of all.
  private func bind(_ value: SQLValue, _ name: String, _ statement: OpaquePointer) throws(DatabaseError) {
    let index = library.pointee.sqlite3_bind_parameter_index(statement, name)
    let code: Int32 =
      switch value {
      case .text(let text):
        Array(text.utf8).withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CChar.self) {
            ukey_sqlite_bind_text(library, statement, index, $0.baseAddress, Int32(clamping: $0.count))
          }
        }
      case .int(let number): library.pointee.sqlite3_bind_int64(statement, index, number)
      case .bytes(let bytes):
        ukey_sqlite_bind_blob(library, statement, index, bytes, Int32(clamping: bytes.count))
      case .null: library.pointee.sqlite3_bind_null(statement, index)
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func row(_ statement: OpaquePointer) -> SQLRow {
    let count = library.pointee.sqlite3_column_count(statement)
    let values = (0..<count).map { index -> SQLValue in
      switch library.pointee.sqlite3_column_type(statement, index) {
      case SQLITE_INTEGER: return .int(library.pointee.sqlite3_column_int64(statement, index))
      case SQLITE_NULL: return .null
      case let kind:
        let start =
          kind == SQLITE_TEXT
          ? library.pointee.sqlite3_column_text(statement, index).map { UnsafeRawPointer($0) }
          : library.pointee.sqlite3_column_blob(statement, index)
        let length = Int(library.pointee.sqlite3_column_bytes(statement, index))
        let bytes = [UInt8](UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : max(length, 0)))
        return kind == SQLITE_TEXT ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes)
      }
    }
    return SQLRow(values: values)
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(code: code, text: library.pointee.sqlite3_errmsg(handle).map { String(cString: $0) } ?? "")
  }
}

/// A row of an answer. A column that is missing or of another kind reads as empty: the statements of this module name their
/// columns in the order in which they are read.
struct SQLRow: Sendable, Equatable {
  var values: [SQLValue]

  func text(_ index: Int) -> String {
    if index < values.count, case .text(let text) = values[index] { return text }
    return ""
  }

  func optionalText(_ index: Int) -> String? {
    if index < values.count, case .text(let text) = values[index] { return text }
    return nil
  }

  func int(_ index: Int) -> Int64 {
    if index < values.count, case .int(let number) = values[index] { return number }
    return 0
  }

  func flag(_ index: Int) -> Bool { int(index) != 0 }

  func bytes(_ index: Int) -> [UInt8] {
    if index < values.count, case .bytes(let bytes) = values[index] { return bytes }
    return []
  }
}
