package import Failures

/// A response that may be sent to the key that is there.
package struct CheckedResponse: Sendable {
  package var response: UnlockResponse
  package var digest: [UInt8]

  package var checkCode: String { Digest.checkCode(digest) }
}

/// What has to be true before a response is sent. In this order: the file is whole, was not used, is for this key,
/// answers the open request, and its time is now.
package struct ResponseCheck: Sendable {
  package var directory: StateDirectory
  /// Seconds that clocks may differ.
  package var clockTolerance: Int64 = 600

  package init(directory: StateDirectory) { self.directory = directory }

  /// - Parameters:
  ///   - keySerial: of the key that is there.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-501` to `UK-503`, `UK-510` to `UK-514`, `UK-504` when the clock jumped back. Nothing was sent.
  package func check(_ bytes: [UInt8], keySerial: String, now: Int64) throws(Failure) -> CheckedResponse {
    let (response, document) = try UnlockResponse.parse(bytes)
    guard !AppliedResponses(directory).contains(document.digest) else { throw Failure(.responseReplayed) }
    guard response.keySerial.utf8.elementsEqual(keySerial.utf8) else {
      throw Failure(.responseOtherKey, context: displaySafe(response.keySerial))
    }
    guard response.expires >= now else {
      throw Failure(.responseExpired, context: "\(response.expires) < \(now)")
    }
    let open = try OpenChallenge.find(in: directory, keySerial: keySerial)
    guard open.request == response.request, open.challenge == response.challenge,
      open.keySerial.utf8.elementsEqual(keySerial.utf8)
    else { throw Failure(.responseOtherRequest) }
    guard response.created <= now + clockTolerance, open.created <= now + clockTolerance else {
      throw Failure(.unlockFileTime, context: "\(response.created) / \(now)")
    }
    return CheckedResponse(response: response, digest: document.digest)
  }
}
