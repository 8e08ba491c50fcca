internal import Base
package import Failures
package import TokenKit

/// A key's fresh challenge on its way to the desk: one line of text, for a file, a QR code or the telephone.
///
/// `UKCHL2/REQUEST/CREATED/SERIAL/PROFILE/APPLICATION/APPID/RANDOM/CHECK`, see ``LineFields``: the request that it belongs to,
/// what the desk must know to answer it, and the first eight characters of the check code over what stands before, for
/// whoever types it.
package struct ChallengeTicket: Sendable, Equatable {
  /// Seconds for which it may be answered, and the answer applied.
  package static let lifetime: Int64 = 900
  private static let mark = "UKCHL2"
  private static let checkLength = 8

  /// Digest of the request, 32 bytes.
  package var request: [UInt8]
  /// Seconds since 1970-01-01 UTC, by the holder's clock.
  package var created: Int64
  package var keySerial: String
  package var challenge: UnlockChallenge

  package init(request: [UInt8], created: Int64, keySerial: String, challenge: UnlockChallenge) {
    self.request = request
    self.created = created
    self.keySerial = keySerial
    self.challenge = challenge
  }

  package var expires: Int64 { created + Self.lifetime }

  private var body: String {
    var line = LineFields(Self.mark)
    line.add(bytes: request)
    line.add(number: created)
    line.add(text: keySerial)
    line.add(text: challenge.profile)
    line.add(text: challenge.application)
    line.add(bytes: challenge.applicationID)
    line.add(bytes: challenge.random)
    return line.text
  }

  private static func check(_ body: String) throws(Failure) -> String {
    String(Digest.checkCode(try Digest.sm3(Array(body.utf8))).filter { $0 != "-" }.prefix(checkLength))
  }

  /// - Throws: `UK-901`.
  package func text() throws(Failure) -> String {
    let body = body
    return body + "/" + (try Self.check(body))
  }

  /// SM3 of the whole line. - Throws: `UK-901`.
  package func digest() throws(Failure) -> [UInt8] { try Digest.sm3(Array(try text().utf8)) }

  /// Reads the line again, with blanks and line feeds around it.
  ///
  /// - Throws: `UK-501` when it is none, `UK-503` when the check does not fit: a character was mistyped.
  package init(parsing given: String) throws(Failure) {
    let text = given.trimmedLine
    var line = try LineReader(text, mark: Self.mark, count: 8)
    request = try line.bytes(32...32)
    created = try line.time()
    keySerial = try line.text(limit: 128)
    let profile = try line.text(limit: 64)
    let application = try line.text(limit: 64)
    // A library keeps the number of its application to itself.
    let id = try line.bytes(0...2)
    let random = try line.bytes(8...8)
    challenge = UnlockChallenge(profile: profile, application: application, applicationID: id, random: random)
    guard text.hasPrefix(body + "/") else { throw Failure(.unlockFileMalformed, context: Self.mark) }
    guard try self.text() == text, id.count != 1 else { throw Failure(.unlockFileAltered, context: Self.mark) }
  }
}

extension String {
  /// Without blanks, tabs and line ends around it.
  var trimmedLine: String {
    let isBlank: (UInt8) -> Bool = { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    let bytes = utf8.drop(while: isBlank)
    guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(Substring(bytes[...last]))
  }
}
