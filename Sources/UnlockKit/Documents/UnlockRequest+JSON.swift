internal import Base
internal import CertificateKit
package import Failures
internal import StrictJSON
internal import TokenKit

extension UnlockRequest {
  /// The document to write, always of the present format. - Throws: `UK-901`.
  package func sealed() throws(Failure) -> SealedDocument {
    try SealedDocument(sealing: [
      ("format", .string("\(Self.format)")), ("version", .int(Self.version)), ("kind", .string(kind.rawValue)),
      ("created", .int(Int(created))), ("program", .string(program)), ("key", key.json),
      ("application", .string(application)), ("userPin", userPIN?.json), ("adminPin", adminPIN?.json),
      ("certificates", .array(certificates.map(\.json))),
      ("waitingKey", waitingKey.map { .string(lowerHexText($0)) }), ("applicant", applicant.json),
    ])
  }

  /// Reads a request file's bytes.
  ///
  /// - Throws: `UK-501` malformed, `UK-502` another version, `UK-503` altered.
  package static func parse(_ bytes: [UInt8]) throws(Failure) -> (request: UnlockRequest, document: SealedDocument) {
    var (document, reader, version) = try SealedDocument.open(bytes, format: format, versions: versions)
    // In the order of the keys.
    let adminPIN = try Tries(try reader.element("adminPin"), "adminPin")
    let applicant = try Applicant(try reader.element("applicant"), "applicant")
    let application = try reader.text("application", limit: 64)
    guard let list = try reader.element("certificates")?.items, list.count <= certificateLimit else {
      throw Failure(.unlockFileMalformed, context: "certificates")
    }
    var certificates: [CertificateFacts] = []
    for item in list { certificates.append(try CertificateFacts(item, version: version)) }
    var challenge: UnlockChallenge?
    if version == 1, let element = try reader.element("challenge") {
      challenge = try UnlockChallenge(element, "challenge")
    }
    let created = try reader.time("created")
    try reader.skip("digest")
    try reader.skip("format")
    let key = try Key(try reader.element("key"))
    let kind = try reader.choice("kind", UnlockKind.self)
    let program = try reader.text("program", limit: 64)
    let userPIN = try Tries(try reader.element("userPin"), "userPin")
    try reader.skip("version")
    let waitingKey =
      version == 1
      ? nil : try reader.optionalBytes("waitingKey", count: SM2Key.pointSize...SM2Key.pointSize)
    try reader.finish()
    let request = UnlockRequest(
      kind: kind, created: created, program: program, key: key, application: application, userPIN: userPIN,
      adminPIN: adminPIN, certificates: certificates, challenge: challenge, waitingKey: waitingKey,
      applicant: applicant, version: version)
    return (request, document)
  }
}

extension UnlockRequest.Key {
  fileprivate var json: JSONValue {
    .object([
      ("serial", text(serial)), ("label", text(label)), ("manufacturer", text(manufacturer)),
      ("issuer", text(issuer)), ("hardwareVersion", text(hardwareVersion)),
      ("firmwareVersion", text(firmwareVersion)), ("family", .string(family)), ("profile", text(profile)),
      ("atr", .string(lowerHexText(atr))),
    ])
  }

  fileprivate init(_ element: JSONElement?) throws(Failure) {
    var reader = try MemberReader(element, "key")
    atr = try reader.bytes("atr", count: 0...33)
    family = try reader.text("family", limit: 32)
    firmwareVersion = try reader.optionalText("firmwareVersion", limit: 32)
    hardwareVersion = try reader.optionalText("hardwareVersion", limit: 32)
    issuer = try reader.optionalText("issuer", limit: 256)
    label = try reader.optionalText("label", limit: 128)
    manufacturer = try reader.optionalText("manufacturer", limit: 256)
    profile = try reader.optionalText("profile", limit: 64)
    serial = try reader.optionalText("serial", limit: 128)
    try reader.finish()
  }
}

extension UnlockRequest.CertificateFacts {
  fileprivate var json: JSONValue {
    .object([("role", .string(role)), ("container", .string(container)), ("der", .string(Base64.encode(der ?? [])))])
  }

  fileprivate init(_ element: JSONElement, version: Int) throws(Failure) {
    var reader = try MemberReader(element, "certificates")
    if version == 1 {
      self = try Self.named(&reader)
    } else {
      let container = try reader.text("container", limit: 256)
      let text = try reader.text("der", limit: 4 * Self.sizeLimit)
      let role = try reader.text("role", limit: 32)
      // What it says is read from itself; one that says nothing is no certificate.
      guard let der = Base64.decode(text.utf8), der.count <= Self.sizeLimit, Base64.encode(der) == text,
        let certificate = try? Certificate(der: der), certificate.der == der
      else { throw Failure(.unlockFileMalformed, context: "certificates.der") }
      self.init(role: role, container: container, certificate)
    }
    try reader.finish()
  }

  /// Of format 1: what the file claims.
  private static func named(_ reader: inout MemberReader) throws(Failure) -> Self {
    let limit = -9_999_999_999_999...9_999_999_999_999
    let container = try reader.text("container", limit: 256)
    let issuer = try reader.text("issuer")
    let notAfter = Int64(try reader.int("notAfter", in: limit))
    let notBefore = Int64(try reader.int("notBefore", in: limit))
    let owner = try reader.text("owner", limit: 1024)
    let role = try reader.text("role", limit: 32)
    let serial = try reader.text("serial", limit: 256)
    let subject = try reader.text("subject")
    let uscc = try reader.optionalText("uscc", limit: 64)
    let usccSource = try reader.optionalText("usccSource", limit: 128)
    return Self(
      role: role, container: container, serial: serial, issuer: issuer, subject: subject, owner: owner, uscc: uscc,
      usccSource: usccSource, notBefore: notBefore, notAfter: notAfter)
  }
}

extension UnlockRequest.Tries {
  fileprivate var json: JSONValue {
    .object([("left", left.map { .int($0) }), ("max", maximum.map { .int($0) }), ("locked", .bool(isLocked))])
  }

  fileprivate init?(_ element: JSONElement?, _ path: String) throws(Failure) {
    guard let element else { return nil }
    var reader = try MemberReader(element, path)
    left = try reader.optionalInt("left", in: 0...255)
    isLocked = try reader.bool("locked")
    maximum = try reader.optionalInt("max", in: 0...255)
    try reader.finish()
  }
}

extension UnlockChallenge {
  var json: JSONValue {
    .object([
      ("profile", .string(profile)), ("application", .string(application)),
      ("applicationId", .string(lowerHexText(applicationID))), ("random", .string(lowerHexText(random))),
    ])
  }

  init(_ element: JSONElement?, _ path: String) throws(Failure) {
    var reader = try MemberReader(element, path)
    let application = try reader.text("application", limit: 64)
    let applicationID = try reader.bytes("applicationId", count: 2...2)
    let profile = try reader.text("profile", limit: 64)
    let random = try reader.bytes("random", count: 8...8)
    try reader.finish()
    self.init(profile: profile, application: application, applicationID: applicationID, random: random)
  }
}

private func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
