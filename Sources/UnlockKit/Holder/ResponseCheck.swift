package import CertificateKit
package import Failures
package import TokenKit

/// A response that may be sent to the key that is there.
package struct CheckedResponse: ~Copyable {
  package let digest: [UInt8]
  /// Digest of the request that it answers.
  package let request: [UInt8]
  package let keySerial: String
  package let challenge: UnlockChallenge
  package let payload: UnlockPayload
  /// The user PIN that it sets; empty in format 1, which tells it by another way.
  package let temporary: PIN
  /// Who signed it; `nil` in format 1.
  package let desk: Certificate?

  package var checkCode: String { Digest.checkCode(digest) }
  package var tellsPIN: Bool { !temporary.isEmpty }
}

/// What has to be true before a response is sent. In this order: the file is whole, was not used, is for this key, is in
/// time, answers the open request with its challenge, comes from a desk that is pinned, and opens.
package struct ResponseCheck: Sendable {
  package var directory: StateDirectory
  package var desks: DeskCertificates
  /// Seconds that clocks may differ.
  package var clockTolerance: Int64 = 600

  package init(directory: StateDirectory, desks: DeskCertificates) {
    self.directory = directory
    self.desks = desks
  }

  /// - Parameters:
  ///   - bytes: of the file, or the line.
  ///   - keySerial: of the key that is there.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-501` to `UK-503`, `UK-510` to `UK-514`, `UK-504` when the clock jumped back, `UK-518` when it is of the
  ///   old format for a request of the new, `UK-519` to `UK-523`. Nothing was sent.
  package func check(_ bytes: [UInt8], keySerial: String, now: Int64) throws(Failure) -> CheckedResponse {
    if let line = String(validating: bytes, as: UTF8.self), SealedResponse.isMeant(by: line) {
      return try check(try SealedResponse(parsing: line), keySerial: keySerial, now: now)
    }
    return try check(format1: bytes, keySerial: keySerial, now: now)
  }

  /// The temporary PIN of an answer that was sent, for a change that was cut off: who signed it and for whom is checked,
  /// not when.
  ///
  /// - Throws: as ``check(_:keySerial:now:)``, and `UK-511` when it was never sent from here.
  package func reopen(_ bytes: [UInt8], keySerial: String, now: Int64) throws(Failure) -> CheckedResponse {
    guard let line = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.unlockFileMalformed, context: SealedResponse.mark)
    }
    let response = try SealedResponse(parsing: line)
    let digest = try response.digest()
    guard AppliedResponses(directory).contains(digest) else { throw Failure(.responseOtherRequest) }
    try checkKey(response.keySerial, keySerial)
    return try opened(
      response, digest, UnlockChallenge(profile: "", application: "", applicationID: [], random: []), now)
  }

  private func check(
    _ response: SealedResponse, keySerial: String, now: Int64
  ) throws(Failure) -> CheckedResponse {
    let digest = try response.digest()
    guard !AppliedResponses(directory).contains(digest) else { throw Failure(.responseReplayed) }
    try checkKey(response.keySerial, keySerial)
    try checkTime(response.expires, now)
    let open = try OpenChallenge.find(in: directory, keySerial: keySerial)
    guard open.version == UnlockRequest.version, open.ticket.request == response.request,
      try open.ticket.digest() == response.challenge
    else { throw Failure(.responseOtherRequest) }
    // Not by what the answer says alone.
    try checkTime(open.ticket.expires, now)
    guard open.ticket.created <= now + clockTolerance else {
      throw Failure(.unlockFileTime, context: "\(open.ticket.created) / \(now)")
    }
    return try opened(response, digest, open.ticket.challenge, now)
  }

  private func opened(
    _ response: SealedResponse, _ digest: [UInt8], _ challenge: UnlockChallenge, _ now: Int64
  ) throws(Failure) -> CheckedResponse {
    let desk = try desks.check(response, now: now)
    let content = try response.open(try WaitingRequests(directory).find(response.request).key)
    return CheckedResponse(
      digest: digest, request: response.request, keySerial: response.keySerial, challenge: challenge,
      payload: content.payload, temporary: try content.temporary.copy(), desk: desk)
  }

  /// An answer of format 1, to a request that an older program holds open.
  private func check(format1 bytes: [UInt8], keySerial: String, now: Int64) throws(Failure) -> CheckedResponse {
    let (response, document) = try UnlockResponse.parse(bytes)
    guard !AppliedResponses(directory).contains(document.digest) else { throw Failure(.responseReplayed) }
    try checkKey(response.keySerial, keySerial)
    try checkTime(response.expires, now)
    let open = try OpenChallenge.find(in: directory, keySerial: keySerial)
    // Whoever wants an answer that nobody signed must not get it by calling it old.
    guard open.version == UnlockResponse.version else { throw Failure(.formatRetired) }
    guard open.ticket.request == response.request, open.ticket.challenge == response.challenge else {
      throw Failure(.responseOtherRequest)
    }
    guard response.created <= now + clockTolerance, open.ticket.created <= now + clockTolerance else {
      throw Failure(.unlockFileTime, context: "\(response.created) / \(now)")
    }
    return CheckedResponse(
      digest: document.digest, request: response.request, keySerial: response.keySerial,
      challenge: response.challenge, payload: response.payload, temporary: try PIN(), desk: nil)
  }

  private func checkKey(_ named: String, _ keySerial: String) throws(Failure) {
    guard named.utf8.elementsEqual(keySerial.utf8) else {
      throw Failure(.responseOtherKey, context: displaySafe(named))
    }
  }

  private func checkTime(_ expires: Int64, _ now: Int64) throws(Failure) {
    guard expires >= now else { throw Failure(.responseExpired, context: "\(expires) < \(now)") }
  }
}
