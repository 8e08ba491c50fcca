package import Failures
internal import StrictJSON
package import TokenKit

/// The desk's answer of format 1: cipher text that only the key with this challenge accepts, bound to one request, for all to
/// read and signed by nobody. Read for what is in flight, never written; see ``SealedResponse``.
package struct UnlockResponse: Sendable, Equatable {
  package static let format: StaticString = "ukey.unlock-response"
  package static let version = 1

  /// Digest of the request answered, 32 bytes.
  package var request: [UInt8]
  package var keySerial: String
  package var challenge: UnlockChallenge
  package var payload: UnlockPayload
  /// Seconds since 1970-01-01 UTC.
  package var created: Int64
  package var expires: Int64

  package init(
    request: [UInt8], keySerial: String, challenge: UnlockChallenge, payload: UnlockPayload, created: Int64,
    expires: Int64
  ) {
    self.request = request
    self.keySerial = keySerial
    self.challenge = challenge
    self.payload = payload
    self.created = created
    self.expires = expires
  }

  /// Reads a response file's bytes.
  ///
  /// - Throws: `UK-501` malformed, `UK-502` another version, `UK-503` altered.
  package static func parse(_ bytes: [UInt8]) throws(Failure) -> (response: UnlockResponse, document: SealedDocument) {
    var (document, reader, _) = try SealedDocument.open(bytes, format: format, versions: version...version)
    // In the order of the keys.
    let challenge = try UnlockChallenge(try reader.element("challenge"), "challenge")
    let created = try reader.time("created")
    try reader.skip("digest")
    let expires = try reader.time("expires")
    try reader.skip("format")
    let keySerial = try reader.text("keySerial", limit: 128)
    var payload = try MemberReader(try reader.element("payload"), "payload")
    let authentication = try payload.optionalBytes("authentication", count: 16...16)
    let data = try payload.bytes("data", count: 6...64)
    try payload.finish()
    let request = try reader.bytes("request", count: 32...32)
    try reader.skip("version")
    try reader.finish()
    let response = UnlockResponse(
      request: request, keySerial: keySerial, challenge: challenge,
      payload: UnlockPayload(authentication: authentication, data: data), created: created, expires: expires)
    return (response, document)
  }
}
