package import Failures
import Glibc

/// Ready-made card contents: the demo, and the states that a key in the field can be in.
package enum GMSample: Sendable {
  /// Three containers: dual SM2, dual SM2 about to expire, RSA.
  case demo
  /// No application at all.
  case blank
  /// An application without a container.
  case noContainer
  /// A container that is there but empty.
  case emptyContainer
  /// Keys without certificates.
  case noCertificate
  /// Only the encryption half of a pair.
  case encryptionOnly
  /// Only the signature half of a pair.
  case signatureOnly
  /// A pair whose encryption certificate is another company's: a change that was half done.
  case halvesDiffer
  /// A pair whose signature certificate belongs to another private key.
  case otherKey
  /// A pair whose signature key is gone.
  case keyGone
  /// A dual pair that ended yesterday.
  case expired
  /// A dual pair that begins tomorrow.
  case notYetValid
  /// A pair whose signature certificate may only encipher.
  case wrongUsage
  /// A dual pair whose signature certificate is these bytes, whatever they are.
  case rawCertificate([UInt8])
  /// The demo, by a maker that no profile of a program knows.
  case unknownMaker
  /// A dual pair whose application, container, label and issuer have names in GBK.
  case gbkNames
  /// One pair, and beside it another application without certificates, which has a PIN of its own.
  case twoApplications
  /// So many containers with a dual pair each (up to 32); all share one pair of keys.
  case containers(Int)
}

/// Contents for a card with the CA certificates that its chain needs.
package struct GMSampleSet: Sendable {
  package let personalization: GMPersonalization
  /// Test roots, DER.
  package let roots: [[UInt8]]
}

extension GMSample {
  /// Names and codes shown are invented companies with valid public check-digit vectors.
  package static let company = "深圳市示例建设工程有限公司"
  package static let companyCode = "9144030071526726XG"
  package static let secondCompany = "深圳市样板市政工程有限公司"
  package static let secondCompanyCode = "914403001922038216"
  package static let applicationName = "SZCA-DEMO"
  package static let otherApplicationName = "OTHER-DEMO"
  /// 深圳政务应用, 签名与加密, 示例智能密码钥匙 and 示例签发 in GBK.
  package static let gbkApplicationName: [UInt8] = [
    0xC9, 0xEE, 0xDB, 0xDA, 0xD5, 0xFE, 0xCE, 0xF1, 0xD3, 0xA6, 0xD3, 0xC3,
  ]
  package static let gbkContainerName: [UInt8] = [0xC7, 0xA9, 0xC3, 0xFB, 0xD3, 0xEB, 0xBC, 0xD3, 0xC3, 0xDC]
  package static let gbkLabel: [UInt8] = [
    0xCA, 0xBE, 0xC0, 0xFD, 0xD6, 0xC7, 0xC4, 0xDC, 0xC3, 0xDC, 0xC2, 0xEB, 0xD4, 0xBF, 0xB3, 0xD7,
  ]
  package static let gbkIssuer: [UInt8] = [0xCA, 0xBE, 0xC0, 0xFD, 0xC7, 0xA9, 0xB7, 0xA2]

  /// The samples without parameters, by the names a command line uses.
  package static let names: [(name: String, sample: GMSample)] = [
    ("demo", .demo), ("blank", .blank), ("no-container", .noContainer), ("empty-container", .emptyContainer),
    ("no-certificate", .noCertificate), ("encryption-only", .encryptionOnly), ("expired", .expired),
    ("signature-only", .signatureOnly), ("halves-differ", .halvesDiffer), ("other-key", .otherKey),
    ("key-gone", .keyGone),
    ("not-yet-valid", .notYetValid), ("unknown-maker", .unknownMaker), ("wrong-usage", .wrongUsage),
    ("gbk-names", .gbkNames), ("two-applications", .twoApplications), ("one-pair", .containers(1)),
    ("broken-certificate", .rawCertificate(Array("not a certificate".utf8))),
  ]

  /// The sample called so in ``names``.
  package static func named(_ name: String) -> GMSample? {
    names.first { $0.name == name }?.sample
  }

  /// Makes keys and certificates new, except the RSA ones (see ``DemoRSAKey``).
  ///
  /// - Parameter now: Unix time that validities are counted from, seconds; nil for the clock.
  /// - Throws: `UK-901`, `UK-620`.
  package func make(now: Int64? = nil) throws(Failure) -> GMSampleSet {
    let now = now ?? Int64(time(nil))
    if case .blank = self { return GMSampleSet(personalization: GMPersonalization(applications: []), roots: []) }
    let ca = try TestCA.make(kind: .sm2)
    var roots = [ca.certificate]
    var application = GMPersonalization.Application(name: Self.applicationName)
    switch self {
    case .blank, .noContainer:
      break
    case .demo, .unknownMaker:
      let rsa = try TestCA.make(kind: .rsa2048, privateKey: try DemoRSAKey.authority.pkcs8())
      roots.append(rsa.certificate)
      application.containers = [
        try Self.pair(ca, "DEMO-SM2-DUAL", from: now - 30 * Self.day, to: now + 400 * Self.day + Self.day / 2),
        try Self.pair(
          ca, "DEMO-SM2-EXPIRING", from: now - 326 * Self.day, to: now + 39 * Self.day + Self.day / 2,
          name: Self.secondCompany,
          code: Self.secondCompanyCode),
        .init(
          name: "DEMO-RSA",
          signature: try rsa.issue(
            .organization(
              name: Self.company, uscc: Self.companyCode, keyKind: .rsa2048, notBefore: now - 30 * Self.day,
              notAfter: now + 400 * Self.day + Self.day / 2), privateKey: try DemoRSAKey.holder.pkcs8())),
      ]
      // So that the chain can be checked even when only the token is at hand.
      application.files = [
        .init(name: "DEMO-CA-SM2.DER", content: ca.certificate),
        .init(name: "DEMO-CA-RSA.DER", content: rsa.certificate),
      ]
    case .gbkNames:
      var pair = try Self.valid(ca, now)
      pair.name = Self.gbkContainerName
      application.name = Self.gbkApplicationName
      application.containers = [pair]
    case .twoApplications:
      application.containers = [try Self.valid(ca, now)]
    case .emptyContainer:
      application.containers = [.init(name: "EMPTY")]
    case .noCertificate:
      application.containers = [Self.changed(try Self.valid(ca, now), signature: [], encryption: [])]
    case .encryptionOnly:
      application.containers = [.init(name: "ENC-ONLY", encryption: try Self.valid(ca, now).encryption)]
    case .signatureOnly:
      application.containers = [.init(name: "SIGN-ONLY", signature: try Self.valid(ca, now).signature)]
    case .halvesDiffer:
      var pair = try Self.valid(ca, now)
      pair.encryption = try Self.pair(
        ca, "OTHER", from: now - 30 * Self.day, to: now + 400 * Self.day + Self.day / 2, name: Self.secondCompany,
        code: Self.secondCompanyCode
      ).encryption
      application.containers = [pair]
    case .otherKey:
      let other = try Self.valid(ca, now).signature
      application.containers = [
        Self.changed(try Self.valid(ca, now), signature: other?.certificate, encryption: nil)
      ]
    case .keyGone:
      var pair = try Self.valid(ca, now)
      pair.signature = pair.signature.map {
        IssuedCertificate(certificate: $0.certificate, privateKey: [], keyKind: $0.keyKind)
      }
      application.containers = [pair]
    case .expired:
      application.containers = [try Self.pair(ca, "EXPIRED", from: now - 366 * Self.day, to: now - Self.day)]
    case .notYetValid:
      application.containers = [try Self.pair(ca, "FUTURE", from: now + Self.day, to: now + 366 * Self.day)]
    case .wrongUsage:
      let pair = try Self.valid(ca, now)
      application.containers = [Self.changed(pair, signature: pair.encryption?.certificate, encryption: nil)]
    case .rawCertificate(let bytes):
      application.containers = [Self.changed(try Self.valid(ca, now), signature: bytes, encryption: nil)]
    case .containers(let count):
      let model = try Self.valid(ca, now)
      application.containers = (0..<max(0, count)).map { number in
        .init(name: "CONTAINER-\(number + 1)", signature: model.signature, encryption: model.encryption)
      }
    }
    var personalization = GMPersonalization(applications: [application])
    if case .twoApplications = self { personalization.applications.append(.init(name: Self.otherApplicationName)) }
    if case .unknownMaker = self { personalization.manufacturer = Array("EXAMPLE MAKER".utf8) }
    if case .gbkNames = self {
      personalization.label = Self.gbkLabel
      personalization.issuer = Self.gbkIssuer
    }
    return GMSampleSet(personalization: personalization, roots: roots)
  }

  private static let day: Int64 = 86_400

  private static func valid(_ ca: TestCA, _ now: Int64) throws(Failure) -> GMPersonalization.Container {
    try pair(ca, "DEMO-SM2-DUAL", from: now - 30 * day, to: now + 400 * day + day / 2)
  }

  /// A container with signature and encryption certificate.
  private static func pair(
    _ ca: TestCA, _ container: String, from: Int64, to end: Int64, name: String = company, code: String = companyCode
  ) throws(Failure) -> GMPersonalization.Container {
    GMPersonalization.Container(
      name: container,
      signature: try ca.issue(.organization(name: name, uscc: code, notBefore: from, notAfter: end)),
      encryption: try ca.issue(
        .organization(name: name, uscc: code, usage: .encryption, notBefore: from, notAfter: end)))
  }

  /// The same keys with other certificate bytes; nil leaves one as it is.
  private static func changed(
    _ container: GMPersonalization.Container, signature: [UInt8]?, encryption: [UInt8]?
  ) -> GMPersonalization.Container {
    func replaced(_ issued: IssuedCertificate?, _ bytes: [UInt8]?) -> IssuedCertificate? {
      guard let issued, let bytes else { return issued }
      return IssuedCertificate(certificate: bytes, privateKey: issued.privateKey, keyKind: issued.keyKind)
    }
    var result = container
    result.signature = replaced(container.signature, signature)
    result.encryption = replaced(container.encryption, encryption)
    return result
  }
}

extension GMCard {
  /// A token with sample content, clearly labelled DEMO. User PIN `123456`, administrator PIN `12345678`, 10 tries.
  ///
  /// A store that already holds a state keeps it.
  ///
  /// - Throws: `UK-620`, `UK-901`.
  package static func demo(
    _ sample: GMSample = .demo, behaviour: GMCardBehaviour = .aLM, store: any StateStore = MemoryStore(),
    now: Int64? = nil
  ) throws(Failure) -> GMCard {
    try GMCard(behaviour: behaviour, store: store) { () throws(Failure) in try sample.make(now: now).personalization }
  }
}
