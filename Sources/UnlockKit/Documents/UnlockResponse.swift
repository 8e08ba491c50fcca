public import Failures
internal import StrictJSON
public import TokenKit

/// The desk's answer: cipher text that only the key with this challenge accepts, bound to one request.
public struct UnlockResponse: Sendable, Equatable {
  public static let format = "ukey.unlock-response"
  public static let version = 1

  /// Digest of the request answered, 32 bytes.
  public var request: [UInt8]
  public var keySerial: String
  public var challenge: UnlockChallenge
  public var payload: UnlockPayload
  /// Seconds since 1970-01-01 UTC.
  public var created: Int64
  public var expires: Int64

  public init(
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

  /// The document to write. - Throws: `UK-901`.
  public func sealed() throws(Failure) -> SealedDocument {
    try SealedDocument(sealing: [
      ("challenge", challenge.json), ("created", .int(Int(created))), ("expires", .int(Int(expires))),
      ("format", .string(Self.format)), ("keySerial", .string(keySerial)),
      (
        "payload",
        .object([
          ("authentication", payload.authentication.map { .string(hexText($0)) }),
          ("data", .string(hexText(payload.data))),
        ])
      ),
      ("request", .string(hexText(request))), ("version", .int(Self.version)),
    ])
  }

  /// Reads a response file's bytes.
  ///
  /// - Throws: `UK-501` malformed, `UK-502` another version, `UK-503` altered.
  public static func parse(_ bytes: [UInt8]) throws(Failure) -> (response: UnlockResponse, document: SealedDocument) {
    let document = try SealedDocument(parsing: bytes, format: format, version: version)
    let reader = try MemberReader(
      document.value, "",
      known: [
        "format", "version", "digest", "request", "keySerial", "challenge", "payload", "created", "expires",
      ])
    guard let challenge = reader.value("challenge") else { throw Failure(.unlockFileMalformed, context: "challenge") }
    let payload = try MemberReader(reader.value("payload"), "payload", known: ["authentication", "data"])
    let response = UnlockResponse(
      request: try reader.bytes("request", count: 32...32), keySerial: try reader.text("keySerial", limit: 128),
      challenge: try UnlockChallenge(challenge, "challenge"),
      payload: UnlockPayload(
        authentication: payload.value("authentication") == nil
          ? nil : try payload.bytes("authentication", count: 16...16),
        data: try payload.bytes("data", count: 6...64)),
      created: try reader.time("created"), expires: try reader.time("expires"))
    return (response, document)
  }
}
