internal import Base
package import Failures
internal import StrictJSON
internal import TokenKit

extension UnlockRequest {
  /// The document to write. - Throws: `UK-901`.
  package func sealed() throws(Failure) -> SealedDocument {
    try SealedDocument(sealing: [
      ("format", .string("\(Self.format)")), ("version", .int(Self.version)), ("kind", .string(kind.rawValue)),
      ("created", .int(Int(created))), ("program", .string(program)), ("key", key.json),
      ("application", .string(application)), ("userPin", userPIN?.json), ("adminPin", adminPIN?.json),
      ("certificates", .array(certificates.map(\.json))), ("challenge", challenge?.json),
      ("applicant", applicant.json),
    ])
  }

  /// Reads a request file's bytes.
  ///
  /// - Throws: `UK-501` malformed, `UK-502` another version, `UK-503` altered.
  package static func parse(_ bytes: [UInt8]) throws(Failure) -> (request: UnlockRequest, document: SealedDocument) {
    var (document, reader) = try SealedDocument.open(bytes, format: format, version: version)
    // In the order of the keys.
    let adminPIN = try Tries(try reader.element("adminPin"), "adminPin")
    let applicant = try Applicant(try reader.element("applicant"), "applicant")
    let application = try reader.text("application", limit: 64)
    guard let list = try reader.element("certificates")?.items, list.count <= certificateLimit else {
      throw Failure(.unlockFileMalformed, context: "certificates")
    }
    var certificates: [CertificateFacts] = []
    for item in list { certificates.append(try CertificateFacts(item)) }
    var challenge: UnlockChallenge?
    if let element = try reader.element("challenge") { challenge = try UnlockChallenge(element, "challenge") }
    let created = try reader.time("created")
    try reader.skip("digest")
    try reader.skip("format")
    let key = try Key(try reader.element("key"))
    let kind = try reader.choice("kind", UnlockKind.self)
    let program = try reader.text("program", limit: 64)
    let userPIN = try Tries(try reader.element("userPin"), "userPin")
    try reader.skip("version")
    try reader.finish()
    let request = UnlockRequest(
      kind: kind, created: created, program: program, key: key, application: application, userPIN: userPIN,
      adminPIN: adminPIN, certificates: certificates, challenge: challenge, applicant: applicant)
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
    .object([
      ("role", .string(role)), ("container", .string(container)), ("serial", .string(serial)),
      ("issuer", .string(issuer)), ("subject", .string(subject)), ("owner", .string(owner)), ("uscc", text(uscc)),
      ("usccSource", text(usccSource)), ("notBefore", .int(Int(notBefore))), ("notAfter", .int(Int(notAfter))),
    ])
  }

  fileprivate init(_ element: JSONElement) throws(Failure) {
    var reader = try MemberReader(element, "certificates")
    let limit = -9_999_999_999_999...9_999_999_999_999
    container = try reader.text("container", limit: 256)
    issuer = try reader.text("issuer")
    notAfter = Int64(try reader.int("notAfter", in: limit))
    notBefore = Int64(try reader.int("notBefore", in: limit))
    owner = try reader.text("owner", limit: 1024)
    role = try reader.text("role", limit: 32)
    serial = try reader.text("serial", limit: 256)
    subject = try reader.text("subject")
    uscc = try reader.optionalText("uscc", limit: 64)
    usccSource = try reader.optionalText("usccSource", limit: 128)
    try reader.finish()
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
