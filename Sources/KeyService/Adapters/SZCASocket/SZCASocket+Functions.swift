internal import CertificateKit
internal import LoginToken
internal import StrictJSON

/// The functions of SZCA's WebSocket service. The names of some members of answers are not known from any public source;
/// these are marked.
extension SZCASocket {
  struct Function: Sendable {
    let make: Making<JSONArguments>
    let data: @Sendable (Outcome) -> JSONValue

    init(_ data: @escaping @Sendable (Outcome) -> JSONValue, _ make: @escaping Making<JSONArguments>) {
      self.make = make
      self.data = data
    }
  }

  static let functions: [String: Function] = reading.merging(signing) { old, _ in old }
    .merging(checking) { old, _ in old }.merging(refused) { old, _ in old }

  private static let reading: [String: Function] = [
    "createApply": Function(text("applyID")) { _ throws(Refusal) in .say("1") },
    "destroyApply": Function(nothing) { _ throws(Refusal) in .lock },
    "enumKey": Function(keys) { _ throws(Refusal) in .keys },
    "registListener": Function(nothing) { _ throws(Refusal) in .ping },
    // Names of the members are not known.
    "getKeyName": Function(text("keyName")) { arguments throws(Refusal) in
      .device(key: try arguments.text("keyID"), .label)
    },
    "getKeySerialNumber": Function(text("serialNumber")) { arguments throws(Refusal) in
      .device(key: try arguments.text("keyID"), .serial)
    },
    "getCertList": Function(certificates) { arguments throws(Refusal) in
      .certificates(isEncryption: false, key: arguments.optional("keyID"))
    },
    "analyseCert": Function(analysis) { arguments throws(Refusal) in
      let der = try arguments.data("certData")
      let oid = arguments.optional("extends")
      return oid == nil ? .describe(der) : .parse(der, try Texts.oid(oid))
    },
    "setCurrentCert": Function(nothing) { arguments throws(Refusal) in
      if let serial = arguments.optional("certSN") { return .choose(CertificateSelector(.serial(serial))) }
      return .choose(
        CertificateSelector(.place(key: try arguments.text("keyID"), try arguments.number("certIndex"))))
    },
    "getCurrentAlgorithm": Function(text("algorithm")) { _ throws(Refusal) in
      .certificateItem(.current, .publicKeyAlgorithm)
    },
    // The key's own algorithm is the only one there is.
    "setCurrentAlgorithm": Function(nothing) { _ throws(Refusal) in .ping },
  ]

  /// What a page sends as PIN is not looked at.
  private static let signing: [String: Function] = [
    "loginKey": Function(nothing) { arguments throws(Refusal) in .unlock(try selector(arguments)) },
    "logoutKey": Function(nothing) { _ throws(Refusal) in .lock },
    "loginState": Function(flag("loginState")) { arguments throws(Refusal) in
      .isUnlocked(try selector(arguments))
    },
    "signP1": Function(text("signature")) { arguments throws(Refusal) in
      try refuseFile(arguments)
      return .sign(SigningRequest(try selector(arguments), try arguments.data("plaintextData"), .bare))
    },
    "signP7": Function(text("signature")) { arguments throws(Refusal) in
      try refuseFile(arguments)
      let form = SigningRequest.Form.signedData(isDetached: arguments.flag("detached"))
      return .sign(SigningRequest(try selector(arguments), try arguments.data("plaintextData"), form))
    },
  ]

  private static let checking: [String: Function] = [
    "generateRandom": Function(text("random")) { arguments throws(Refusal) in
      .random(try arguments.number("len"))
    },
    "signedVerifyP1": Function(flag("result"), bareVerification),
    "signatureVerify": Function(flag("result"), bareVerification),
    "signedVerifyP7": Function(flag("result")) { arguments throws(Refusal) in
      try refuseFile(arguments)
      let content = arguments.optional("plaintextData") == nil ? nil : try arguments.data("plaintextData")
      return .verify(VerifyRequest(.signedData(try arguments.data("signature")), content: content))
    },
    // Whether a certificate is one at all: trust is the server's question.
    "certVerify": Function(nothing) { arguments throws(Refusal) in
      .parse(try arguments.data("certData"), .serial)
    },
    "Digest": Function(text("digest")) { arguments throws(Refusal) in
      try refuseFile(arguments)
      return .digest(.sm3, try arguments.data("plaintextData"))
    },
  ]

  private static let refused: [String: Function] = [
    "initToken": never(.administration), "resetUserPIN": never(.administration),
    "modifyOSPIN": never(.administration), "readFile": never(.fileAccess), "writeFile": never(.fileAccess),
    "deleteFile": never(.fileAccess), "enumFile": never(.fileAccess), "dataDecrypt": never(.decryption),
    "symmEncrypt": never(.decryption), "symmDecrypt": never(.decryption), "dataEncrypt": never(.decryption),
    "importCert": never(.keyChange),
    "modifyUserPIN": Function(nothing) { _ throws(Refusal) in .openPINChange },
  ]

  private static func never(_ what: Refusal.Forbidden) -> Function {
    Function(nothing) { _ throws(Refusal) in .refuse(.forbidden(what)) }
  }

  private static let bareVerification: Making<JSONArguments> = { arguments throws(Refusal) in
    try refuseFile(arguments)
    let signature = PlainSignature.bare(
      try arguments.data("signature"), certificate: try arguments.data("certData"), digest: nil)
    return .verify(VerifyRequest(signature, content: try arguments.data("plaintextData")))
  }

  private static func selector(_ arguments: JSONArguments) throws(Refusal) -> CertificateSelector {
    arguments.optional("keyID").map { CertificateSelector(.key($0)) } ?? .current
  }

  /// Any argument that names a file on this machine.
  private static func refuseFile(_ arguments: JSONArguments) throws(Refusal) {
    for key in arguments.value.keys where key.hasSuffix("File") && arguments.optional(key) != nil {
      throw .forbidden(.fileAccess)
    }
  }

  // MARK: Data of answers

  private static let nothing: @Sendable (Outcome) -> JSONValue = { _ in .object([]) }

  private static func text(_ member: String) -> @Sendable (Outcome) -> JSONValue {
    { .object([(member, .string(Texts.plain($0)))]) }
  }

  private static func flag(_ member: String) -> @Sendable (Outcome) -> JSONValue {
    { .object([(member, .bool($0.isSuccess))]) }
  }

  private static let keys: @Sendable (Outcome) -> JSONValue = { outcome in
    guard case .keys(let keys) = outcome, !keys.isEmpty else { return .object([("keys", .null)]) }
    return .object([("keys", .array(keys.map { .string($0.id) }))])
  }

  private static let certificates: @Sendable (Outcome) -> JSONValue = { outcome in
    guard case .certificates(let found) = outcome else { return .object([]) }
    return .object([("certs", .array(found.map { .string(Base64.encode($0.certificate.der)) }))])
  }

  /// The page cuts the name out of `subject`: from its third character to the first comma.
  private static let analysis: @Sendable (Outcome) -> JSONValue = { outcome in
    guard case .parsed(let certificate) = outcome else {
      return .object([("extends", .string(Texts.plain(outcome)))])
    }
    let items: [(String, CertificateItem)] = [
      ("subject", .subject), ("issuer", .issuer), ("serialNumber", .serial), ("notBefore", .notBefore),
      ("notAfter", .notAfter), ("algoType", .publicKeyAlgorithm),
    ]
    return .object(items.map { ($0.0, .string(certificate.text(of: $0.1))) })
  }
}
