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

  /// The one that was given to this session; never one out of a request. It stays.
  func current() throws(DatabaseError) -> Challenge? {
    let row = try store.database.first(
      "SELECT nonce, origin, issued FROM challenges WHERE session = $1", .text(session))
    guard let row, let nonce = Nonce(row.text(0)), let origin = WebOrigin(row.text(1)) else { return nil }
    return Challenge(nonce: nonce, origin: origin, issued: row.int(2))
  }

  /// - Returns: `false` when somebody else has used it up.
  func use(_ challenge: Challenge) throws(DatabaseError) -> Bool {
    try store.database.run(
      "DELETE FROM challenges WHERE nonce = $1 AND session = $2", .text(challenge.nonce.text), .text(session)) == 1
  }

  /// A new one takes the place of the one before.
  func insert(_ challenge: Challenge) throws(Failure) {
    _ = try asFailure { () throws(DatabaseError) in
      // One that is lost with the power is asked for again. That one was used up is written with the login.
      try store.database.hastily { () throws(DatabaseError) in
        try store.database.run(
          """
          INSERT INTO challenges VALUES ($1, $2, $3, $4) ON CONFLICT (session) DO UPDATE
          SET nonce = excluded.nonce, origin = excluded.origin, issued = excluded.issued
          """, .text(session), .text(challenge.nonce.text), .text(challenge.origin.description), .int(challenge.issued))
      }
    }
  }

  func take(_ nonce: Nonce) throws(Failure) -> Challenge? {
    try asFailure { () throws(DatabaseError) in
      guard let challenge = try current(), challenge.nonce == nonce, try use(challenge) else { return nil }
      return challenge
    }
  }

  private func asFailure<Value>(_ body: () throws(DatabaseError) -> Value) throws(Failure) -> Value {
    do throws(DatabaseError) { return try body() } catch {
      throw Failure(.fileWrite, function: "database", context: error.description)
    }
  }
}

/// One challenge that was looked at and stays where it is; who relies on it uses it up there.
final class SeenChallenge: ChallengeStore {
  private let challenge: Challenge

  init(_ challenge: Challenge) { self.challenge = challenge }

  func insert(_ challenge: Challenge) throws(Failure) { throw Failure(.notSupported, function: "challenge") }

  func take(_ nonce: Nonce) throws(Failure) -> Challenge? { nonce == challenge.nonce ? challenge : nil }
}
