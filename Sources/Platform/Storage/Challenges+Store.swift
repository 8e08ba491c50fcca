internal import Failures
import LoginToken

/// The challenge of one browser's session, in the database: used up once across all processes that share it.
final class SessionChallenges: ChallengeStore {
  private let store: Store
  private let session: String

  /// - Parameter session: digest of the session's token.
  init(_ store: Store, session: String) {
    self.store = store
    self.session = session
  }

  /// The one that was given to this session; never one out of a request.
  func nonce() throws(DatabaseError) -> Nonce? {
    let row = try store.database.first("SELECT nonce FROM challenges WHERE session = $1", .text(session))
    return (row?.text(0)).flatMap { Nonce($0) }
  }

  /// A new one takes the place of the one before.
  func insert(_ challenge: Challenge) throws(Failure) {
    _ = try asFailure { () throws(DatabaseError) in
      try store.database.run(
        """
        INSERT INTO challenges VALUES ($1, $2, $3, $4) ON CONFLICT (session) DO UPDATE
        SET nonce = excluded.nonce, origin = excluded.origin, issued = excluded.issued
        """, .text(session), .text(challenge.nonce.text), .text(challenge.origin.description), .int(challenge.issued))
    }
  }

  func take(_ nonce: Nonce) throws(Failure) -> Challenge? {
    let row = try asFailure { () throws(DatabaseError) in
      try store.database.first(
        "DELETE FROM challenges WHERE nonce = $1 AND session = $2 RETURNING origin, issued", .text(nonce.text),
        .text(session))
    }
    guard let row, let origin = WebOrigin(row.text(0)) else { return nil }
    return Challenge(nonce: nonce, origin: origin, issued: row.int(1))
  }

  private func asFailure<Value>(_ body: () throws(DatabaseError) -> Value) throws(Failure) -> Value {
    do throws(DatabaseError) { return try body() } catch {
      throw Failure(.fileWrite, function: "database", context: error.description)
    }
  }
}
