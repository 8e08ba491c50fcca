internal import CertificateKit
internal import LoginToken
internal import StrictJSON

/// The functions of `ukey:1`, and what their outcomes are in JSON.
extension UKey1 {
  static let functions: [String: Making<JSONArguments>] = [
    "version": { _ throws(Refusal) in .version },
    "keys": { _ throws(Refusal) in .keys },
    "certificates": { arguments throws(Refusal) in
      .certificates(isEncryption: arguments.optional("use") == "encryption", key: arguments.optional("key"))
    },
    "certificateInformation": { arguments throws(Refusal) in
      .certificateItem(selector(arguments), try item(arguments))
    },
    "triesLeft": { arguments throws(Refusal) in .triesLeft(selector(arguments)) },
    "loginToken": { arguments throws(Refusal) in
      guard let nonce = Nonce(try arguments.text("nonce")) else { throw .malformed }
      return .loginToken(selector(arguments), nonce)
    },
    "sign": { arguments throws(Refusal) in
      guard let form = forms[try arguments.text("form")] else { throw .notSupported }
      return .sign(SigningRequest(selector(arguments), try arguments.data("data"), form))
    },
    "verify": { arguments throws(Refusal) in
      let data = arguments.optional("data") == nil ? nil : try arguments.data("data")
      if arguments.optional("certificate") == nil {
        return .verify(VerifyRequest(.signedData(try arguments.data("signature")), content: data))
      }
      let signature = PlainSignature.bare(
        try arguments.data("signature"), certificate: try arguments.data("certificate"), digest: nil)
      return .verify(VerifyRequest(signature, content: data))
    },
    "random": { arguments throws(Refusal) in .random(try arguments.number("bytes")) },
    "openPINChange": { _ throws(Refusal) in .openPINChange },
    "listen": { _ throws(Refusal) in .ping },
  ]

  private static let forms: [String: SigningRequest.Form] = [
    "detached": .signedData(isDetached: true), "attached": .signedData(isDetached: false), "bare": .bare, "rs": .rs,
  ]

  private static let items: [String: CertificateItem] = [
    "serial": .serial, "issuer": .issuer, "subject": .subject, "notBefore": .notBefore, "notAfter": .notAfter,
    "commonName": .subjectAttribute(CertificateItem.commonName),
    "organization": .subjectAttribute(CertificateItem.organization),
    "organizationalUnit": .subjectAttribute(CertificateItem.unit), "uscc": .uscc, "usccSource": .usccSource,
    "signatureAlgorithm": .signatureAlgorithm, "publicKeyAlgorithm": .publicKeyAlgorithm, "certificate": .base64,
  ]

  private static func item(_ arguments: JSONArguments) throws(Refusal) -> CertificateItem {
    if let oid = arguments.optional("oid") { return try Texts.oid(oid) }
    guard let item = items[try arguments.text("item")] else { throw .notSupported }
    return item
  }

  private static func selector(_ arguments: JSONArguments) -> CertificateSelector {
    CertificateSelector(arguments.optional("certificateID").map { .id($0) } ?? .current)
  }

  static func result(_ outcome: Outcome) -> JSONValue {
    switch outcome {
    case .flag(let value): .bool(value)
    case .number(let value): .int(value)
    case .text(let text): .string(text)
    case .bytes(let bytes): .string(Base64.encode(bytes))
    case .keys(let keys): .array(keys.map(key))
    case .certificate(let found): certificate(found)
    case .certificates(let found): .array(found.map(certificate))
    case .parsed(let certificate): .string(Base64.encode(certificate.der))
    case .token(let token): token.json
    case .last(let refusal): refusal.map { .string($0.name) } ?? .null
    case .refused: .null
    }
  }

  private static func key(_ key: KeySummary) -> JSONValue {
    .object([
      ("id", .string(key.id)), ("label", .string(key.label)), ("manufacturer", .string(key.manufacturer)),
      ("hardwareVersion", .string(key.hardwareVersion)), ("firmwareVersion", .string(key.firmwareVersion)),
      ("family", .string(key.family.rawValue)),
    ])
  }

  private static func certificate(_ found: HolderCertificate) -> JSONValue {
    let certificate = found.certificate
    return .object([
      ("id", .string(found.id)), ("key", .string(found.keyID)),
      ("use", .string(found.isForSigning ? "signature" : "encryption")),
      ("owner", .string(certificate.owner)),
      (
        "uscc",
        certificate.uscc.map { .object([("code", .string($0.code)), ("source", .string($0.source))]) }
      ),
      ("issuer", .string(certificate.issuer.displayName)), ("serial", .string(found.serial)),
      ("notBefore", .int(Int(certificate.validity.notBefore))),
      ("notAfter", .int(Int(certificate.validity.notAfter))), ("algorithm", .string(certificate.publicKey.name)),
      ("certificate", .string(Base64.encode(certificate.der))),
    ])
  }
}
