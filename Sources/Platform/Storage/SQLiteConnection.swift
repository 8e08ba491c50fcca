import CSQLite

/// A connection to the SQLite file.
final class SQLiteConnection: SQLConnection {
  private let library: UnsafePointer<ukey_sqlite_store>
  private let handle: OpaquePointer
  /// Prepared statements by their text; there are as many as there are texts in this module.
  private var statements: [String: OpaquePointer] = [:]

  let dialect = SQLDialect.sqlite

  init(path: String) throws(DatabaseError) {
    guard let library = ukey_sqlite_store_open() else { throw DatabaseError(.library, "libsqlite3.so.0") }
    self.library = library
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX
    let code = library.pointee.sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      if let handle { _ = library.pointee.sqlite3_close(handle) }
      throw DatabaseError(Self.kind(code), code: "sqlite \(code)", "open")
    }
    self.handle = handle
    _ = library.pointee.sqlite3_extended_result_codes(handle, 1)
    _ = library.pointee.sqlite3_busy_timeout(handle, databasePatience)
    for text in ["PRAGMA journal_mode=WAL", "PRAGMA foreign_keys=ON"] { try execute(text) }
    try waitForDisk(true)
  }

  deinit {
    for statement in statements.values { _ = library.pointee.sqlite3_finalize(statement) }
    _ = library.pointee.sqlite3_close(handle)
  }

  func prepare() {}

  func execute(_ text: String) throws(DatabaseError) {
    let code = library.pointee.sqlite3_exec(handle, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  func begin() throws(DatabaseError) { try execute("BEGIN IMMEDIATE") }

  func commit() throws(DatabaseError) { try execute("COMMIT") }

  func rollBack() { try? execute("ROLLBACK") }

  /// FULL: what was answered with yes is there after a loss of power too.
  func waitForDisk(_ isWanted: Bool) throws(DatabaseError) {
    try execute(isWanted ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")
  }

  /// Not asked: there is no connection that breaks.
  func wasKept() -> Bool? { nil }

  func run(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> SQLAnswer {
    let statement = try prepared(text)
    defer {
      _ = library.pointee.sqlite3_reset(statement)
      _ = library.pointee.sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try bind(value, "$\(index + 1)", statement) }
    var answer = SQLAnswer()
    while true {
      let code = library.pointee.sqlite3_step(statement)
      if code == SQLITE_DONE { break }
      guard code == SQLITE_ROW else { throw failure(code) }
      answer.rows.append(row(statement))
    }
    answer.changed = Int(library.pointee.sqlite3_changes(handle))
    return answer
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
    let text = library.pointee.sqlite3_errmsg(handle).map { String(cString: $0) } ?? ""
    return DatabaseError(Self.kind(code), code: "sqlite \(code)", text)
  }

  /// By the primary code, and of constraints by the extended one.
  private static func kind(_ code: Int32) -> DatabaseError.Kind {
    // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY.
    if code == 2067 || code == 1555 { return .duplicate }
    return switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_FULL, SQLITE_NOMEM: .full
    case SQLITE_READONLY: .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR: .damaged
    case SQLITE_PERM, SQLITE_AUTH, SQLITE_CANTOPEN: .refused
    default: .statement
    }
  }
}
