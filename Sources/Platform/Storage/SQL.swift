/// A value that is stored. There are three kinds, the same on every database: text, whole numbers, bytes.
enum SQLValue: Sendable, Equatable {
  case text(String)
  case int(Int64)
  case bytes([UInt8])
  case null

  static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
  static func flag(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }

  /// As it is kept: PostgreSQL's text has no NUL, so none has one.
  var kept: SQLValue {
    if case .text(let text) = self { return .text(Self.kept(text)) }
    return self
  }

  static func kept(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
  }
}

/// A row of an answer. A column that is missing or of another kind reads as empty: the statements of this module name their
/// columns in the order in which they are read.
struct SQLRow: Sendable, Equatable {
  var values: [SQLValue]

  func text(_ index: Int) -> String { optionalText(index) ?? "" }

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

struct SQLAnswer: Sendable {
  var rows: [SQLRow] = []
  /// How many rows it inserted, changed or deleted.
  var changed = 0
}

/// What is not said alike to both databases: a few words of the tables (``Schema``), and nothing else.
enum SQLDialect: Sendable, CaseIterable {
  case sqlite
  case postgresql
}

/// One connection to a database. All calls may wait, and come from one thread at a time.
protocol SQLConnection: AnyObject {
  var dialect: SQLDialect { get }

  /// Before the first statement of a piece of work, while there is no transaction: connects again where that was lost.
  func prepare() throws(DatabaseError)

  /// Statements without values, one after the other.
  func execute(_ text: String) throws(DatabaseError)

  /// One statement, whose values are bound to `$1`, `$2` …
  func run(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> SQLAnswer

  /// Begins a transaction for writing, alone among all that do: what is read in it is still so when it writes.
  func begin() throws(DatabaseError)

  /// - Throws: kind `lost` when the connection broke before it was answered.
  func commit() throws(DatabaseError)

  func rollBack()

  /// Whether what follows is kept only when the disk has it, as always unless told otherwise.
  func waitForDisk(_ isWanted: Bool) throws(DatabaseError)

  /// What became of a transaction whose ``commit()`` was not answered; `nil` when that cannot be told.
  func wasKept() -> Bool?
}

/// Milliseconds that a writer waits for another one, and anybody for a database that is being started.
let databasePatience: Int32 = 5000
