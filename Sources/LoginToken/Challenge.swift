package import Failures

/// A challenge given out, as the server keeps it until it comes back.
package struct Challenge: Sendable, Equatable {
  package var nonce: Nonce
  /// The site that gave it out, as the browser names it.
  package var origin: WebOrigin
  /// Seconds since 1970-01-01 UTC.
  package var issued: Int64

  package init(nonce: Nonce, origin: WebOrigin, issued: Int64) {
    self.nonce = nonce
    self.origin = origin
    self.issued = issued
  }

  /// Seconds a challenge may be answered in.
  package static let lifetime: Int64 = 300
}

/// Where challenges are kept. One call takes a challenge out for good: of two that ask at once for the same, one gets it.
package protocol ChallengeStore: AnyObject, Sendable {
  func insert(_ challenge: Challenge) throws(Failure)
  /// Takes it out, whatever its age; `nil` when it is not there.
  func take(_ nonce: Nonce) throws(Failure) -> Challenge?
}

/// The rule of challenges, wherever they are kept: answered once, within ``Challenge/lifetime``.
package struct Challenges: Sendable {
  private let store: any ChallengeStore

  package init(_ store: any ChallengeStore) { self.store = store }

  /// - Throws: what the store throws; `UK-901` without randomness.
  package func issue(for origin: WebOrigin, now: Int64) throws(Failure) -> Challenge {
    guard let nonce = Nonce.random() else { throw Failure(.crypto, function: "getentropy") }
    let challenge = Challenge(nonce: nonce, origin: origin, issued: now)
    try store.insert(challenge)
    return challenge
  }

  /// Uses a challenge up. It is gone whether or not what came with it is right, so that nothing is tried twice.
  package func redeem(_ nonce: Nonce, now: Int64) throws(LoginRefusal) -> Challenge {
    let found: Challenge?
    do throws(Failure) { found = try store.take(nonce) } catch { throw .storeUnavailable }
    guard let challenge = found else { throw .challengeUnknown }
    let (age, overflow) = now.subtractingReportingOverflow(challenge.issued)
    // One from the future was issued by another clock, or ours was set back: it is not known how old it is.
    guard !overflow, age >= 0, age <= Challenge.lifetime else { throw .challengeExpired }
    return challenge
  }
}
