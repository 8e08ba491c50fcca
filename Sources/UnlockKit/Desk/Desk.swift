package import CertificateKit
package import Failures
package import TokenKit

/// What the desk accepts. Seconds.
package struct DeskPolicy: Sendable {
  /// Age of a request above which it is refused: it may lie for days, with its key in a drawer.
  package var maximumAge: Int64
  /// How far clocks may differ: a request or challenge from further in the future is refused.
  package var clockTolerance: Int64
  /// Answers that one key may have in 24 hours.
  package var answersPerDay: Int
  /// Keys that are answered; `nil` for all.
  package var issued: IssuanceList?
  /// The CA certificates that those in a request are checked against; `nil`: they are not checked.
  package var trust: TrustDirectory?

  package init(
    maximumAge: Int64 = 30 * 86_400, clockTolerance: Int64 = 600, answersPerDay: Int = 3, issued: IssuanceList? = nil,
    trust: TrustDirectory? = nil
  ) {
    self.answersPerDay = answersPerDay
    self.issued = issued
    self.maximumAge = maximumAge
    self.clockTolerance = clockTolerance
    self.trust = trust
  }
}

/// A request that has passed the desk's checks.
package struct CheckedRequest: Sendable {
  package var request: UnlockRequest
  package var digest: [UInt8]
  package var keySerial: String
  /// What answers are sealed to.
  package var waitingKey: [UInt8]
  /// What became of checking the certificate that names the owner; `nil`: it was not checked.
  package var chain: ChainVerdict?

  package var checkCode: String { Digest.checkCode(digest) }
}

extension DeskPolicy {
  /// Checks a request's bytes before anything else is asked for.
  ///
  /// - Parameters:
  ///   - serial: the serial that the key is known by at the desk, `nil` when none was given.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-501` to `UK-503` for the file, `UK-504` for its age, `UK-506` when it cannot be answered by file,
  ///   `UK-508` when it is for another key, `UK-518` when it is of format 1, whose answers anybody could read.
  package func check(_ bytes: [UInt8], serial: String?, now: Int64) throws(Failure) -> CheckedRequest {
    let (request, document) = try UnlockRequest.parse(bytes)
    guard request.version == UnlockRequest.version else { throw Failure(.formatRetired) }
    guard request.kind == .unlock else { throw Failure(.unlockNotRemote, context: request.kind.rawValue) }
    if request.created > now + clockTolerance || request.created < now - maximumAge {
      throw Failure(.unlockFileTime, context: "\(request.created) / \(now)")
    }
    guard let waitingKey = request.waitingKey, let keySerial = request.key.serial, !keySerial.isEmpty else {
      throw Failure(.unlockNotRemote, context: request.key.family)
    }
    if let serial, !serial.utf8.elementsEqual(keySerial.utf8) {
      throw Failure(.requestOtherKey, context: displaySafe(keySerial))
    }
    if request.adminPIN?.isLocked == true { throw Failure(.pinLocked, context: "admin") }
    return CheckedRequest(
      request: request, digest: document.digest, keySerial: keySerial, waitingKey: waitingKey,
      chain: verdict(request, now))
  }

  private func verdict(_ request: UnlockRequest, _ now: Int64) -> ChainVerdict? {
    guard let trust, let main = request.mainCertificate?.der, let certificate = try? Certificate(der: main) else {
      return nil
    }
    return trust.verify(certificate, at: now)
  }

  /// Checks the challenge that the holder has made for this request.
  ///
  /// - Throws: `UK-501`, `UK-503` for the line, `UK-504` when it is older than it lives, `UK-525` when it belongs to
  ///   another request or key, `UK-506` when no answer can be made for its profile.
  package func challenge(
    _ text: String, for checked: CheckedRequest, now: Int64
  ) throws(Failure) -> ChallengeTicket {
    let ticket = try ChallengeTicket(parsing: text)
    guard ticket.request == checked.digest, ticket.keySerial.utf8.elementsEqual(checked.keySerial.utf8),
      ticket.challenge.application.utf8.elementsEqual(checked.request.application.utf8)
    else { throw Failure(.challengeOtherRequest, context: displaySafe(ticket.keySerial)) }
    if ticket.created > now + clockTolerance || ticket.expires < now {
      throw Failure(.unlockFileTime, context: "\(ticket.created) / \(now)")
    }
    guard UnlockProtector.supports(profile: ticket.challenge.profile) else {
      throw Failure(.unlockNotRemote, context: displaySafe(ticket.challenge.profile))
    }
    return ticket
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
  /// - Parameter new: the temporary user PIN; it goes sealed with the answer.
  package func answer(
    _ checked: CheckedRequest, _ ticket: ChallengeTicket, _ admin: borrowing AdminSecret, _ desk: DeskKey,
    new: borrowing PIN, now: Int64
  ) throws(Failure) -> SealedResponse {
    try SealedResponse(
      to: ticket, try admin.payload(for: checked, ticket.challenge, new: new), temporary: new,
      recipient: checked.waitingKey, desk: desk, created: now)
  }
}
