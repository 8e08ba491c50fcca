/// Why the database did not do what was asked, for the log and for who runs the server; no page shows it. Docs/platform.md §8
/// has each kind and what to do.
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// Another writer had it for too long.
    case busy
    /// No room on its disk, in memory, or for its files.
    case full
    case readOnly = "read-only"
    /// It cannot be reached, or the connection broke before anything was kept.
    case lost
    /// The connection broke while it was asked to keep something: whether it did is not known.
    case unknown
    /// Two changes got into each other's way and this one was taken back.
    case conflict
    /// A row of that key is there already.
    case duplicate
    /// It does not let us in, or not do that.
    case refused
    case damaged
    /// Of a newer program, or with other tables than ours.
    case schema
    /// Its library is not on this machine.
    case library
    /// Where it is, or how it was set up, is not what this program can work with.
    case settings
    /// The system gave no randomness, thread or hash.
    case system
    /// Anything else.
    case statement
  }

  package var kind: Kind
  /// The database's own: sqlite's extended result code, or SQLSTATE.
  package var code: String
  /// Its words, without any value of ours.
  package var text: String

  init(_ kind: Kind, code: String = "", _ text: String) {
    (self.kind, self.code, self.text) = (kind, code, text)
  }

  package var description: String { "database-\(kind.rawValue): " + (code.isEmpty ? "" : code + ": ") + text }

  /// Nothing of it was kept, and the same may go well when it is done again.
  var isRepeatable: Bool { kind == .conflict || kind == .lost }
}
