package import Failures
package import TokenKit

/// What the desk accepts and for how long its answers hold. Seconds.
package struct DeskPolicy: Sendable {
  /// Age of a request above which it is refused.
  package var maximumAge: Int64
  /// How long a response may be applied.
  package var validity: Int64
  /// How far clocks may differ: a request from further in the future is refused.
  package var clockTolerance: Int64
  /// Answers that one key may have in 24 hours.
  package var answersPerDay: Int
  /// Keys that are answered; `nil` for all.
  package var issued: IssuanceList?

  package init(
    maximumAge: Int64 = 24 * 3600, validity: Int64 = 24 * 3600, clockTolerance: Int64 = 600, answersPerDay: Int = 3,
    issued: IssuanceList? = nil
  ) {
    self.answersPerDay = answersPerDay
    self.issued = issued
    self.maximumAge = maximumAge
    self.validity = validity
    self.clockTolerance = clockTolerance
  }
}

/// A request that has passed the desk's checks.
package struct CheckedRequest: Sendable {
  package var request: UnlockRequest
  package var digest: [UInt8]
  package var keySerial: String
  package var challenge: UnlockChallenge

  package var checkCode: String { Digest.checkCode(digest) }
}

extension DeskPolicy {
  /// Checks a request's bytes before the administrator PIN is asked for.
  ///
  /// - Parameters:
  ///   - serial: the serial that the key is known by at the desk, `nil` when none was given.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-501` to `UK-503` for the file, `UK-504` for its age, `UK-506` when it cannot be answered by file,
  ///   `UK-510` when it is for another key.
  package func check(_ bytes: [UInt8], serial: String?, now: Int64) throws(Failure) -> CheckedRequest {
    let (request, document) = try UnlockRequest.parse(bytes)
    guard request.kind == .unlock else { throw Failure(.unlockNotRemote, context: request.kind.rawValue) }
    if request.created > now + clockTolerance || request.created < now - maximumAge {
      throw Failure(.unlockFileTime, context: "\(request.created) / \(now)")
    }
    guard let challenge = request.challenge, let keySerial = request.key.serial, !keySerial.isEmpty else {
      throw Failure(.unlockNotRemote, context: request.key.family)
    }
    if let serial, !serial.utf8.elementsEqual(keySerial.utf8) {
      throw Failure(.requestOtherKey, context: displaySafe(keySerial))
    }
    guard UnlockProtector.supports(profile: challenge.profile), challenge.application == request.application else {
      throw Failure(.unlockNotRemote, context: displaySafe(challenge.profile))
    }
    if request.adminPIN?.isLocked == true { throw Failure(.pinLocked, context: "admin") }
    return CheckedRequest(request: request, digest: document.digest, keySerial: keySerial, challenge: challenge)
  }

  /// Whether this key may have one more answer.
  ///
  /// - Parameter log: tells how many it has had.
  /// - Throws: `UK-515` when it was not issued, `UK-516` when it has had enough for a day.
  package func admit(_ checked: CheckedRequest, _ log: AuditLog) throws(Failure) {
    try issued?.check(checked)
    let count = log.answers(for: checked.keySerial)
    guard count < answersPerDay else { throw Failure(.answerLimit, context: "\(count) / 24 h") }
  }

  /// Makes the answer.
  ///
  /// - Parameter new: the temporary user PIN.
  package func answer(
    _ checked: CheckedRequest, _ admin: borrowing AdminSecret, new: borrowing PIN, now: Int64
  ) throws(Failure) -> SealedDocument {
    try UnlockResponse(
      request: checked.digest, keySerial: checked.keySerial, challenge: checked.challenge,
      payload: try admin.payload(for: checked, new: new), created: now, expires: now + validity
    ).sealed()
  }
}
