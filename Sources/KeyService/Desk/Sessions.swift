internal import Synchronization
internal import TokenKit

/// The sessions of all callers, at most ``limit``.
final class Sessions: Sendable {
  private static let limit = 256
  private let sessions = Mutex<[Caller: Session]>([:])

  func change<Result: Sendable>(_ caller: Caller, now: Int64, _ body: (inout sending Session) -> sending Result)
    -> Result
  {
    sessions.withLock { sessions in
      if sessions[caller] == nil, sessions.count >= Self.limit,
        let oldest = sessions.min(by: { $0.value.used < $1.value.used })?.key
      {
        sessions.removeValue(forKey: oldest)?.lease?.lease.end()
      }
      var session = sessions[caller] ?? Session()
      session.used = now
      let result = body(&session)
      sessions[caller] = session
      return result
    }
  }

  /// Takes the PIN kept for this certificate, for the one signature it was kept for.
  func takeLease(_ caller: Caller, for certificate: HolderCertificate, now: Int64) -> SessionLease? {
    let lease = sessions.withLock { sessions in
      let lease = sessions[caller]?.lease
      if lease != nil { sessions[caller]?.lease = nil }
      return lease
    }
    guard let lease else { return nil }
    guard lease.until > now, lease.certificate == certificate else {
      lease.lease.end()
      return nil
    }
    return lease
  }

  /// Ends the leases that fit, and all that have run out.
  ///
  /// - Returns: when the next one runs out.
  @discardableResult
  func endLeases(now: Int64, where fits: (Caller, SessionLease) -> Bool = { _, _ in false }) -> Int64? {
    let (ended, next): ([SessionLease], Int64?) = sessions.withLock { sessions in
      var ended: [SessionLease] = []
      var next: Int64?
      for (caller, session) in sessions {
        guard let lease = session.lease else { continue }
        if lease.until <= now || fits(caller, lease) {
          ended.append(lease)
          sessions[caller]?.lease = nil
        } else {
          next = min(next ?? .max, lease.until)
        }
      }
      return (ended, next)
    }
    ended.forEach { $0.lease.end() }
    return next
  }
}
