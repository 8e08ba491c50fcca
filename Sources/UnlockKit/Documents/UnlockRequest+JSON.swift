public import Failures
internal import StrictJSON
internal import TokenKit

extension UnlockRequest {
  /// The document to write. - Throws: `UK-901`.
  public func sealed() throws(Failure) -> SealedDocument {
    try SealedDocument(sealing: [
      ("format", .string(Self.format)), ("version", .int(Self.version)), ("kind", .string(kind.rawValue)),
      ("created", .int(Int(created))), ("program", .string(program)), ("key", key.json),
      ("application", .string(application)), ("userPin", userPIN?.json), ("adminPin", adminPIN?.json),
      ("certificates", .array(certificates.map(\.json))), ("challenge", challenge?.json),
      ("applicant", applicant.json),
    ])
  }

  /// Reads a request file's bytes.
  ///
  /// - Throws: `UK-501` malformed, `UK-502` another version, `UK-503` altered.
  public static func parse(_ bytes: [UInt8]) throws(Failure) -> (request: UnlockRequest, document: SealedDocument) {
    let document = try SealedDocument(parsing: bytes, format: format, version: version)
    let reader = try MemberReader(
      document.value, "",
      known: [
        "format", "version", "digest", "kind", "created", "program", "key", "application", "userPin", "adminPin",
        "certificates", "challenge", "applicant",
      ])
    guard let list = reader.value("certificates")?.arrayValue, list.count <= certificateLimit else {
      throw Failure(.unlockFileMalformed, context: "certificates")
    }
    var certificates: [CertificateFacts] = []
    for item in list { certificates.append(try CertificateFacts(item)) }
    let request = UnlockRequest(
      kind: try reader.choice("kind", UnlockKind.self), created: try reader.time("created"),
      program: try reader.text("program", limit: 64), key: try Key(reader.value("key")),
      application: try reader.text("application", limit: 64), userPIN: try Tries(reader.value("userPin"), "userPin"),
      adminPIN: try Tries(reader.value("adminPin"), "adminPin"), certificates: certificates,
      challenge: try reader.value("challenge").map { value throws(Failure) in try UnlockChallenge(value, "challenge") },
      applicant: try Applicant(reader.value("applicant"), "applicant"))
    return (request, document)
  }
}

extension UnlockRequest.Key {
  fileprivate var json: JSONValue {
    .object([
      ("serial", text(serial)), ("label", text(label)), ("manufacturer", text(manufacturer)),
      ("issuer", text(issuer)), ("hardwareVersion", text(hardwareVersion)),
      ("firmwareVersion", text(firmwareVersion)), ("family", .string(family)), ("profile", text(profile)),
      ("atr", .string(hexText(atr))),
    ])
  }

  fileprivate init(_ value: JSONValue?) throws(Failure) {
    let reader = try MemberReader(
      value, "key",
      known: [
        "serial", "label", "manufacturer", "issuer", "hardwareVersion", "firmwareVersion", "family", "profile", "atr",
      ])
    self.init(
      serial: try reader.optionalText("serial", limit: 128), label: try reader.optionalText("label", limit: 128),
      manufacturer: try reader.optionalText("manufacturer", limit: 256),
      issuer: try reader.optionalText("issuer", limit: 256),
      hardwareVersion: try reader.optionalText("hardwareVersion", limit: 32),
      firmwareVersion: try reader.optionalText("firmwareVersion", limit: 32),
      family: try reader.text("family", limit: 32), profile: try reader.optionalText("profile", limit: 64),
      atr: try reader.bytes("atr", count: 0...33))
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

  fileprivate init(_ value: JSONValue) throws(Failure) {
    let reader = try MemberReader(
      value, "certificates",
      known: [
        "role", "container", "serial", "issuer", "subject", "owner", "uscc", "usccSource", "notBefore", "notAfter",
      ])
    let limit = -9_999_999_999_999...9_999_999_999_999
    guard let notBefore = try reader.optionalInt("notBefore", in: limit),
      let notAfter = try reader.optionalInt("notAfter", in: limit)
    else { throw Failure(.unlockFileMalformed, context: "certificates.notBefore") }
    self.init(
      role: try reader.text("role", limit: 32), container: try reader.text("container", limit: 256),
      serial: try reader.text("serial", limit: 256), issuer: try reader.text("issuer"),
      subject: try reader.text("subject"), owner: try reader.text("owner", limit: 1024),
      uscc: try reader.optionalText("uscc", limit: 64), usccSource: try reader.optionalText("usccSource", limit: 128),
      notBefore: Int64(notBefore), notAfter: Int64(notAfter))
  }
}

extension UnlockRequest.Tries {
  fileprivate var json: JSONValue {
    .object([("left", left.map { .int($0) }), ("max", maximum.map { .int($0) }), ("locked", .bool(isLocked))])
  }

  fileprivate init?(_ value: JSONValue?, _ path: String) throws(Failure) {
    guard let value else { return nil }
    let reader = try MemberReader(value, path, known: ["left", "max", "locked"])
    self.init(
      left: try reader.optionalInt("left", in: 0...255), maximum: try reader.optionalInt("max", in: 0...255),
      isLocked: try reader.bool("locked"))
  }
}

extension UnlockChallenge {
  var json: JSONValue {
    .object([
      ("profile", .string(profile)), ("application", .string(application)),
      ("applicationId", .string(hexText(applicationID))), ("random", .string(hexText(random))),
    ])
  }

  init(_ value: JSONValue, _ path: String) throws(Failure) {
    let reader = try MemberReader(value, path, known: ["profile", "application", "applicationId", "random"])
    self.init(
      profile: try reader.text("profile", limit: 64), application: try reader.text("application", limit: 64),
      applicationID: try reader.bytes("applicationId", count: 2...2), random: try reader.bytes("random", count: 8...8))
  }
}

private func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
