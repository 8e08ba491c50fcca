internal import Base
internal import CertificateKit
internal import Failures
internal import LoginToken
internal import StrictJSON
internal import TokenKit

// How the values of questions and outcomes stand in a line of the control socket. What is not of this form is no value.

extension JSONValue {
  static func bytes(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }
  static func name(_ name: TokenName) -> JSONValue { .bytes(name.bytes) }

  var bytesValue: [UInt8]? { stringValue.flatMap { Base64.decode($0.utf8) } }
  var name: TokenName? { bytesValue.map { TokenName($0) } }
  var origin: WebOrigin? { stringValue.flatMap(WebOrigin.init) }

  var permissions: Permissions? {
    guard let names = arrayValue?.map(\.stringValue) else { return nil }
    return Permissions.named.reduce(into: []) { if names.contains($1.name) { $0.formUnion($1.value) } }
  }
}

// MARK: Questions

extension PINQuestion {
  var json: JSONValue {
    let shown: JSONValue =
      switch purpose {
      case .login: .object([("kind", "login")])
      case .session(let seconds): .object([("kind", "session"), ("seconds", .int(seconds))])
      case .signature(let bytes, let preview):
        .object([("kind", "signature"), ("bytes", .int(bytes)), ("preview", .string(preview))])
      }
    let before: JSONValue? =
      switch previous {
      case .wrong: "wrong"
      case .notSent(let rule): rule.json
      case nil: nil
      }
    return .object([
      ("origin", .string(origin.description)), ("purpose", shown), ("certificate", certificate.json),
      ("triesLeft", triesLeft.map { .int($0) }), ("consent", .int(consent.rawValue)), ("previous", before),
    ])
  }

  init?(_ json: JSONValue) {
    guard let origin = json["origin"]?.origin, let purpose = json["purpose"].flatMap({ Purpose($0) }),
      let certificate = json["certificate"].flatMap({ HolderCertificate($0) }),
      let consent = json["consent"]?.intValue.flatMap(TryConsent.init(rawValue:))
    else { return nil }
    var previous: Previous?
    if let before = json["previous"] {
      if before.stringValue == "wrong" {
        previous = .wrong
      } else {
        guard let rule = PINRule(before) else { return nil }
        previous = .notSent(rule)
      }
    }
    self.init(
      origin: origin, purpose: purpose, certificate: certificate, triesLeft: json["triesLeft"]?.intValue,
      consent: consent, previous: previous)
  }
}

extension PINQuestion.Purpose {
  fileprivate init?(_ json: JSONValue) {
    switch json["kind"]?.stringValue {
    case "login": self = .login
    case "session":
      guard let seconds = json["seconds"]?.intValue else { return nil }
      self = .session(seconds: seconds)
    case "signature":
      guard let bytes = json["bytes"]?.intValue, let preview = json["preview"]?.stringValue else { return nil }
      self = .signature(bytes: bytes, preview: preview)
    default: return nil
    }
  }
}

extension HolderCertificate {
  fileprivate var json: JSONValue {
    .object([
      ("provider", .string(source.provider)), ("reader", .string(source.reader)), ("keyID", .string(keyID)),
      ("application", .name(key.application)), ("container", .name(key.container)),
      ("der", .bytes(certificate.der)), ("keySerial", key.keySerial.map { .name($0) }),
      ("role", .string(role.rawValue)), ("isForSigning", .bool(isForSigning)),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let provider = json["provider"]?.stringValue, let reader = json["reader"]?.stringValue,
      let keyID = json["keyID"]?.stringValue, let application = json["application"]?.name,
      let container = json["container"]?.name, let der = json["der"]?.bytesValue,
      let role = json["role"]?.stringValue.flatMap(ContainerSnapshot.Role.init(rawValue:)),
      let isForSigning = json["isForSigning"]?.boolValue
    else { return nil }
    let certificate: Certificate
    do throws(Failure) { certificate = try Certificate(der: der) } catch { return nil }
    self.init(
      source: TokenSource(provider: provider, reader: reader), keyID: keyID,
      key: SigningKey(
        application: application, container: container, certificate: certificate, keySerial: json["keySerial"]?.name),
      role: role, isForSigning: isForSigning)
  }
}

// MARK: Outcomes

extension SignOutcome {
  var json: JSONValue {
    switch self {
    case .signed(let signature): .object([("kind", "signed"), ("signature", .bytes(signature))])
    case .pin(let outcome): outcome.json
    }
  }

  init?(_ json: JSONValue) {
    if json["kind"]?.stringValue == "signed" {
      guard let signature = json["signature"]?.bytesValue else { return nil }
      self = .signed(signature)
    } else {
      guard let outcome = PINOutcome(json) else { return nil }
      self = .pin(outcome)
    }
  }
}

extension PINOutcome {
  fileprivate var json: JSONValue {
    func of(_ kind: String, _ members: [(String, JSONValue?)] = []) -> JSONValue {
      .object([("kind", .string(kind))] + members)
    }
    switch self {
    case .verified: return of("verified")
    case .changed: return of("changed")
    case .unblocked: return of("unblocked")
    case .wrong(let left): return of("wrong", [("triesLeft", left.map { .int($0) })])
    case .locked: return of("locked")
    case .refused(let failure): return of("refused", [("failure", failure.json)])
    // A signature sends no other command with a PIN.
    case .unknown(_, let failure): return of("unknown", [("failure", failure.json)])
    case .notSent(.rule(let rule)): return of("notSent", [("rule", rule.json)])
    case .notSent(.tries(let left)): return of("tries", [("triesLeft", left.map { .int($0) })])
    case .notSent(.noProfile): return of("noProfile")
    case .notSent(.otherKey): return of("otherKey")
    case .notSent(.failure(let failure)): return of("failed", [("failure", failure.json)])
    }
  }

  fileprivate init?(_ json: JSONValue) {
    let failure = json["failure"].flatMap { Failure($0) }
    let left = json["triesLeft"]?.intValue
    switch (json["kind"]?.stringValue, failure) {
    case ("verified", _): self = .verified
    case ("changed", _): self = .changed
    case ("unblocked", _): self = .unblocked
    case ("wrong", _): self = .wrong(triesLeft: left)
    case ("locked", _): self = .locked
    case ("refused", let failure?): self = .refused(failure)
    case ("unknown", let failure?): self = .unknown(.verify, failure)
    case ("notSent", _):
      guard let rule = json["rule"].flatMap({ PINRule($0) }) else { return nil }
      self = .notSent(.rule(rule))
    case ("tries", _): self = .notSent(.tries(left))
    case ("noProfile", _): self = .notSent(.noProfile)
    case ("otherKey", _): self = .notSent(.otherKey)
    case ("failed", let failure?): self = .notSent(.failure(failure))
    default: return nil
    }
  }
}

extension PINRule {
  /// Only those that concern a PIN that is on a key already.
  fileprivate var json: JSONValue {
    switch self {
    case .tooLong(let maximum): .object([("rule", "tooLong"), ("limit", .int(maximum))])
    case .tooShort(let minimum): .object([("rule", "tooShort"), ("limit", .int(minimum))])
    default: .object([("rule", .string(name))])
    }
  }

  fileprivate init?(_ json: JSONValue) {
    let limit = json["limit"]?.intValue ?? 0
    switch json["rule"]?.stringValue {
    case "empty": self = .empty
    case "tooLong": self = .tooLong(maximum: limit)
    case "tooShort": self = .tooShort(minimum: limit)
    case "notASCII": self = .notASCII
    case "fullWidth": self = .fullWidth
    default: return nil
    }
  }
}

extension Failure {
  /// Without its causes: the code, what failed, its number and what it concerned.
  fileprivate var json: JSONValue {
    let (family, value): (JSONValue?, Int) =
      switch number {
      case .scard(let value): ("scard", Int(value))
      case .statusWord(let value): ("sw", Int(value))
      case .sar(let value): ("sar", Int(value))
      case .ckr(let value): ("ckr", Int(bitPattern: value))
      case .errno(let value): ("errno", Int(value))
      case .openssl(let value): ("openssl", Int(bitPattern: value))
      case nil: (nil, 0)
      }
    return .object([
      ("code", .string(code.rawValue)), ("function", function.map { .string($0) }), ("family", family),
      ("number", family == nil ? nil : .int(value)), ("context", context.map { .string($0) }),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let code = json["code"]?.stringValue.flatMap(FailureCode.init(rawValue:)) else { return nil }
    var number: Number?
    if let value = json["number"]?.intValue {
      switch json["family"]?.stringValue {
      case "scard": number = .scard(UInt32(truncatingIfNeeded: value))
      case "sw": number = .statusWord(UInt16(truncatingIfNeeded: value))
      case "sar": number = .sar(UInt32(truncatingIfNeeded: value))
      case "ckr": number = .ckr(UInt(bitPattern: value))
      case "errno": number = .errno(Int32(truncatingIfNeeded: value))
      case "openssl": number = .openssl(UInt(bitPattern: value))
      default: return nil
      }
    }
    self.init(
      code, function: json["function"]?.stringValue, number: number, context: json["context"]?.stringValue)
  }
}
