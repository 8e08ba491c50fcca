internal import Base
package import Failures
package import TokenKit

/// The desk's answer, format 2: one line of text, sealed to the waiting request and signed by the desk.
///
/// `UKRSP2/REQUEST/CHALLENGE/SERIAL/CREATED/EXPIRES/DESK/SEALED/SIGNATURE`, see ``LineFields``. SEALED is SM2Cipher (GM/T 0009)
/// to the request's key; what is in it begins with the SM3 of all that stands before it, so that nobody can carry it into
/// another answer. SIGNATURE is SM2 with SM3 over all that stands before it, by the key of the certificate whose SM3 is DESK.
package struct SealedResponse: Sendable, Equatable {
  static let mark = "UKRSP2"

  /// Digest of the request answered, 32 bytes.
  package var request: [UInt8]
  /// Digest of the challenge's line, 32 bytes.
  package var challenge: [UInt8]
  package var keySerial: String
  /// Seconds since 1970-01-01 UTC, by the desk's clock.
  package var created: Int64
  /// By the holder's clock: the challenge's own end.
  package var expires: Int64
  /// SM3 of the desk's certificate.
  package var desk: [UInt8]
  package var sealed: [UInt8] = []
  package var signature: [UInt8] = []

  private var head: String {
    var line = LineFields(Self.mark)
    line.add(bytes: request)
    line.add(bytes: challenge)
    line.add(text: keySerial)
    line.add(number: created)
    line.add(number: expires)
    line.add(bytes: desk)
    return line.text
  }

  /// What the signature covers.
  var signedBytes: [UInt8] { Array((head + "/" + hexText(sealed)).utf8) }

  package var text: String { head + "/" + hexText(sealed) + "/" + hexText(signature) }

  /// SM3 of the line. - Throws: `UK-901`.
  package func digest() throws(Failure) -> [UInt8] { try Digest.sm3(Array(text.utf8)) }

  /// Whether a text says of itself that it is of this form.
  package static func isMeant(by text: String) -> Bool { text.trimmedLine.hasPrefix(mark + "/") }

  /// Reads the line again, with blanks and line feeds around it. - Throws: `UK-501`.
  package init(parsing given: String) throws(Failure) {
    let text = given.trimmedLine
    var line = try LineReader(text, mark: Self.mark, count: 8)
    request = try line.bytes(32...32)
    challenge = try line.bytes(32...32)
    keySerial = try line.text(limit: 128)
    created = try line.time()
    expires = try line.time()
    desk = try line.bytes(32...32)
    sealed = try line.bytes(1...1024)
    signature = try line.bytes(1...128)
    guard self.text == text else { throw Failure(.unlockFileMalformed, context: Self.mark) }
  }

  /// Seals and signs.
  ///
  /// - Parameters:
  ///   - ticket: the challenge that is answered.
  ///   - temporary: the user PIN that the payload sets; the holder's program changes it at once.
  ///   - recipient: the request's key, 04 ‖ X ‖ Y.
  /// - Throws: `UK-440`, `UK-901`.
  package init(
    to ticket: ChallengeTicket, _ payload: UnlockPayload, temporary: borrowing PIN, recipient: [UInt8], desk: DeskKey,
    created: Int64
  ) throws(Failure) {
    request = ticket.request
    challenge = try ticket.digest()
    keySerial = ticket.keySerial
    self.created = created
    expires = ticket.expires
    self.desk = desk.fingerprint
    let plain = try SealedContent.plain(payload, temporary, binding: try Digest.sm3(Array(head.utf8)))
    sealed = try SM2Key(point: recipient).encrypt(plain)
    signature = try desk.key.sign(signedBytes)
  }

  /// Opens what is sealed; the signature has been checked.
  ///
  /// - Throws: `UK-521` when it was sealed to another key, or for another answer.
  func open(_ key: SM2Key) throws(Failure) -> SealedContent {
    let plain: SecretBytes
    do throws(Failure) {
      plain = try key.decrypt(sealed)
    } catch {
      throw error.code == .crypto ? Failure(.responseSealedElsewhere, causes: [error]) : error
    }
    return try SealedContent(plain, binding: try Digest.sm3(Array(head.utf8)))
  }
}

/// What an answer hides: BINDING(32) ‖ n ‖ authentication ‖ n ‖ data ‖ n ‖ temporary PIN, each n one byte.
struct SealedContent: ~Copyable {
  let payload: UnlockPayload
  let temporary: PIN

  static func plain(
    _ payload: UnlockPayload, _ temporary: borrowing PIN, binding: [UInt8]
  ) throws(Failure) -> SecretBytes {
    var plain = try SecretBytes()
    var isWhole = plain.append(binding)
    for field in [payload.authentication ?? [], payload.data] {
      guard let count = UInt8(exactly: field.count) else { throw Failure(.internalError, function: "payload") }
      isWhole = isWhole && plain.append([count] + field)
    }
    guard let count = UInt8(exactly: temporary.count), isWhole, plain.append([count]), plain.append(temporary) else {
      throw Failure(.internalError, function: "payload")
    }
    return plain
  }

  /// - Throws: `UK-521` when the binding is another, `UK-501` when the rest is not of this form.
  init(_ plain: borrowing SecretBytes, binding: [UInt8]) throws(Failure) {
    var pin = try PIN()
    // What is found before the PIN is no secret: cipher text for the key.
    let found = plain.withBytes { bytes -> (isBound: Bool, fields: [[UInt8]])? in
      guard bytes.count > 32 else { return nil }
      var place = 32
      var fields: [[UInt8]] = []
      for _ in 0..<2 {
        guard place < bytes.count, place + 1 + Int(bytes[place]) <= bytes.count else { return nil }
        fields.append(Array(bytes[place + 1..<place + 1 + Int(bytes[place])]))
        place += 1 + Int(bytes[place])
      }
      guard place < bytes.count, place + 1 + Int(bytes[place]) == bytes.count else { return nil }
      for byte in bytes[(place + 1)...] { if !pin.append(byte) { return nil } }
      return (bytes[..<32].elementsEqual(binding), fields)
    }
    guard let found, [0, 16].contains(found.fields[0].count), (4...64).contains(found.fields[1].count) else {
      throw Failure(.unlockFileMalformed, context: "sealed")
    }
    guard found.isBound else { throw Failure(.responseSealedElsewhere) }
    let authentication = found.fields[0]
    payload = UnlockPayload(
      authentication: authentication.isEmpty ? nil : authentication, data: found.fields[1])
    temporary = pin
  }
}
