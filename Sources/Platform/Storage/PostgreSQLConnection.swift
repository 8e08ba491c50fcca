internal import Base
import CPostgreSQL
internal import Glibc

/// A connection to a PostgreSQL server through libpq, which also does its TLS (`sslmode` of the address) and knows its password.
///
/// All values go beside the statement, in PostgreSQL's binary form, with the type that they have here: text, bigint, bytea.
final class PostgreSQLConnection: SQLConnection {
  private let library: UnsafePointer<ukey_pg>
  private let address: PostgreSQLAddress
  private var handle: OpaquePointer?
  /// Names of prepared statements by their text and the types of their values.
  private var statements: [String: String] = [:]
  /// Of the transaction that is open, by which the server tells later what became of it.
  private var transaction = ""
  /// It was not there the last time: nobody waits for it again. At the start nobody does either, and is told at once.
  private var isDown = true
  /// It answers, and another one may serve us better.
  private var isStale = false

  let dialect = SQLDialect.postgresql

  /// The first with `pg_current_xact_id` and `pg_xact_status`.
  private static let oldest: Int32 = 130_000
  /// Named to the lock that all who write take in turn: "ukey".
  private static let lock = 0x756B_6579

  init(address text: String) throws(DatabaseError) {
    guard let library = ukey_pg_open() else { throw DatabaseError(.library, "libpq.so.5") }
    self.library = library
    address = try PostgreSQLAddress(text, library)
    try prepare()
  }

  deinit { close() }

  private func close() {
    if let handle { library.pointee.PQfinish(handle) }
    handle = nil
    statements = [:]
    isStale = false
  }

  // Connecting

  func prepare() throws(DatabaseError) {
    if isIdle { return }
    close()
    let end = Instant.now + .milliseconds(isDown ? 0 : Int64(databasePatience))
    while true {
      do throws(DatabaseError) {
        try open()
        isDown = false
        return
      } catch {
        close()
        guard error.kind == .lost, Instant.now < end else {
          isDown = true
          throw error
        }
        usleep(100_000)
      }
    }
  }

  /// A server that says something unasked has been stopped, or has cut the connection: seen before anything is asked of it,
  /// since afterwards it would not be known what became of that.
  private var isIdle: Bool {
    guard let handle, !isStale, library.pointee.PQstatus(handle) == Int32(UKEY_PG_CONNECTION_OK),
      library.pointee.PQtransactionStatus(handle) == 0
    else { return false }
    var wanted = pollfd(fd: library.pointee.PQsocket(handle), events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, 0) == 0
  }

  private func open() throws(DatabaseError) {
    guard let opened = address.connect(library) else { throw DatabaseError(.full, "libpq has no memory") }
    handle = opened
    guard library.pointee.PQstatus(opened) == Int32(UKEY_PG_CONNECTION_OK) else {
      throw DatabaseError(.lost, message())
    }
    ukey_pg_silence(library, opened)
    guard library.pointee.PQserverVersion(opened) >= Self.oldest else {
      throw DatabaseError(.settings, "PostgreSQL 13 or later is needed")
    }
    let encoding = library.pointee.PQparameterStatus(opened, "server_encoding").map { String(cString: $0) } ?? ""
    guard encoding == "UTF8" else {
      throw DatabaseError(.settings, "the database has to be made with ENCODING 'UTF8', and has \(encoding)")
    }
    // Who stops in the middle of a transaction keeps the others waiting no longer than this.
    // Every statement has its index, and how much LIKE finds shows in the value: planned by it, not once for all.
    for text in [
      "SET plan_cache_mode = force_custom_plan", "SET enable_seqscan = off", "SET enable_bitmapscan = off",
      "SET random_page_cost = 1.1", "SET jit = off", "SET max_parallel_workers_per_gather = 0",
      "SET lock_timeout = \(databasePatience)", "SET idle_in_transaction_session_timeout = 30000",
      "SET statement_timeout = 60000", "SET default_transaction_isolation = 'read committed'",
    ] { try execute(text) }
  }

  private func message() -> String {
    guard let handle, let text = library.pointee.PQerrorMessage(handle) else { return "" }
    return String(cString: text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // Statements

  func execute(_ text: String) throws(DatabaseError) {
    guard let handle else { throw DatabaseError(.lost, "no connection") }
    let result = library.pointee.PQexec(handle, text)
    defer { library.pointee.PQclear(result) }
    try check(result)
  }

  func begin() throws(DatabaseError) {
    // The lock before the first look: what is read under it is what the last who held it has kept.
    try execute("BEGIN")
    do throws(DatabaseError) {
      let answer = try run(
        "SELECT CAST(pg_current_xact_id() AS text), pg_advisory_xact_lock($1)", [.int(Int64(Self.lock))])
      transaction = answer.rows.first?.text(0) ?? ""
    } catch {
      rollBack()
      throw error
    }
  }

  func commit() throws(DatabaseError) {
    // One in which a statement failed: COMMIT would take it back and report success.
    if let handle, library.pointee.PQtransactionStatus(handle) == Int32(UKEY_PG_TRANSACTION_FAILED) {
      throw DatabaseError(.statement, code: "25P02", "a statement of the transaction has failed")
    }
    try execute("COMMIT")
  }

  func rollBack() { try? execute("ROLLBACK") }

  /// The server's affair (`synchronous_commit`): it lets those who wait at one time share one turn of the disk, and to say
  /// otherwise would cost two more questions.
  func waitForDisk(_ isWanted: Bool) {}

  func wasKept() -> Bool? {
    guard !transaction.isEmpty else { return nil }
    let end = Instant.now + .milliseconds(2 * Int64(databasePatience))
    while true {
      do throws(DatabaseError) {
        try prepare()
        let answer = try run("SELECT pg_xact_status(CAST($1 AS xid8))", [.text(transaction)])
        switch answer.rows.first?.text(0) {
        case "committed": return true
        case "aborted": return false
        // The process that served us has not noticed yet that we are gone.
        case "in progress": if Instant.now >= end { return nil }
        default: return nil
        }
      } catch {
        guard error.kind == .lost, Instant.now < end else { return nil }
      }
      usleep(100_000)
    }
  }

  func run(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> SQLAnswer {
    guard let handle else { throw DatabaseError(.lost, "no connection") }
    let name = try prepared(text, values, handle)
    var bytes: [UInt8] = []
    var places: [(start: Int, count: Int)?] = []
    for value in values {
      let encoded: [UInt8]?
      switch value {
      case .text(let text): encoded = Array(text.utf8)
      case .int(let number): encoded = withUnsafeBytes(of: number.bigEndian) { Array($0) }
      case .bytes(let value): encoded = value
      case .null: encoded = nil
      }
      places.append(encoded.map { (bytes.count, $0.count) })
      bytes += encoded ?? []
    }
    // So that an empty value has an address too.
    bytes.append(0)
    let lengths = places.map { Int32(clamping: $0?.count ?? 0) }
    let formats = places.map { _ in Int32(1) }
    let result = bytes.withUnsafeBytes { memory in
      let pointers = places.map { place in
        place.flatMap { memory.baseAddress?.advanced(by: $0.start).assumingMemoryBound(to: CChar.self) }
      }
      return library.pointee.PQexecPrepared(handle, name, Int32(values.count), pointers, lengths, formats, 1)
    }
    defer { library.pointee.PQclear(result) }
    try check(result)
    return result.map(answer) ?? SQLAnswer()
  }

  private enum TypeID {
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
  }

  private func prepared(_ text: String, _ values: [SQLValue], _ handle: OpaquePointer) throws(DatabaseError) -> String {
    let types = values.map { value -> UInt32 in
      switch value {
      case .text: TypeID.text
      case .int: TypeID.int8
      case .bytes: TypeID.bytea
      // What it is compared with or written to says which.
      case .null: 0
      }
    }
    let key = types.map(String.init).joined(separator: ",") + ":" + text
    if let known = statements[key] { return known }
    let name = "s\(statements.count)"
    let result = library.pointee.PQprepare(handle, name, text, Int32(types.count), types)
    defer { library.pointee.PQclear(result) }
    try check(result)
    statements[key] = name
    return name
  }

  private func answer(_ result: OpaquePointer) -> SQLAnswer {
    let pg = library.pointee
    let columns = 0..<pg.PQnfields(result)
    let types = columns.map { pg.PQftype(result, $0) }
    var answer = SQLAnswer()
    for row in 0..<pg.PQntuples(result) {
      let values = columns.map { column -> SQLValue in
        guard pg.PQgetisnull(result, row, column) == 0, let start = pg.PQgetvalue(result, row, column) else {
          return .null
        }
        let length = Int(pg.PQgetlength(result, row, column))
        let bytes = UnsafeRawBufferPointer(start: start, count: max(length, 0))
        switch types[Int(column)] {
        case TypeID.int2, TypeID.int4, TypeID.int8: return .int(Self.number(bytes))
        case TypeID.bytea: return .bytes([UInt8](bytes))
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
      }
      answer.rows.append(SQLRow(values: values))
    }
    answer.changed = pg.PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    return answer
  }

  /// Two's complement, the highest byte first, of any width.
  private static func number(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    var value: Int64 = (bytes.first ?? 0) >= 0x80 ? -1 : 0
    for byte in bytes { value = value << 8 | Int64(byte) }
    return value
  }

  // What went wrong

  private func check(_ result: OpaquePointer?) throws(DatabaseError) {
    let status = library.pointee.PQresultStatus(result)
    if status == Int32(UKEY_PG_COMMAND_OK) || status == Int32(UKEY_PG_TUPLES_OK) { return }
    func field(_ code: Int) -> String {
      result.flatMap { library.pointee.PQresultErrorField($0, Int32(code)) }.map { String(cString: $0) } ?? ""
    }
    // Of the server's words the first line alone: its details repeat values.
    let (state, text) = (field(Int(UKEY_PG_DIAG_SQLSTATE)), field(Int(UKEY_PG_DIAG_MESSAGE)))
    let isBroken = handle.map { library.pointee.PQstatus($0) != Int32(UKEY_PG_CONNECTION_OK) } ?? true
    let kind = isBroken ? .lost : Self.kind(state)
    // A server that has become a copy of another one: the address may name that other one too.
    if kind == .readOnly { isStale = true }
    throw DatabaseError(kind, code: state, text.isEmpty ? message() : text)
  }

  /// By SQLSTATE (PostgreSQL's documentation, appendix A).
  private static func kind(_ state: String) -> DatabaseError.Kind {
    switch state {
    case "40001", "40P01": .conflict
    case "23505": .duplicate
    case "55P03", "57014": .busy
    case "25006": .readOnly
    case "42501": .refused
    case _ where state.hasPrefix("08") || state.hasPrefix("57P"): .lost
    case _ where state.hasPrefix("53"): .full
    case _ where state.hasPrefix("28"): .refused
    case _ where state.hasPrefix("XX"): .damaged
    default: .statement
    }
  }
}
