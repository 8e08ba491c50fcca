package import Failures

/// A request for a certificate (PKCS#10, RFC 2986), signed by the key itself: what is to be signed is made here, the
/// signature elsewhere.
package struct CertificateRequest: Sendable, Equatable {
  package let der: [UInt8]
  /// CertificationRequestInfo: what is signed.
  package let information: [UInt8]
  /// `Name`, DER.
  package let subject: [UInt8]
  package let key: PublicKeyInfo
  package let signature: [UInt8]

  /// Most bytes read.
  package static let limit = 16_384

  /// CertificationRequestInfo without attributes.
  ///
  /// - Parameter subject: `Name`, DER, as it stands in the old certificate.
  package static func information(subject: [UInt8], key: PublicKeyInfo) -> [UInt8] {
    DERWriter.sequence(DERWriter.element(0x02, [0]), subject, key.der, DERWriter.context(0, []))
  }

  /// - Parameter signature: over ``information(subject:key:)`` as ``SignOutcome`` describes it: DER for SM2 and ECDSA.
  /// - Throws: `UK-430` when the signature does not fit the key, `UK-530` when the parts make no request.
  package init(information: [UInt8], signature: [UInt8], key: PublicKeyInfo) throws(Failure) {
    try self.init(
      der: DERWriter.sequence(
        information, try Self.algorithm(key.kind), DERWriter.element(0x03, [0x00] + signature)))
  }

  /// Reads one and checks its signature by its own key: of SM2 with the ID 1234567812345678.
  ///
  /// - Throws: `UK-530` when it is none, or of a kind of key that renewal does not know; `UK-430` when whoever made it does
  ///   not have the private key.
  package init(der: [UInt8]) throws(Failure) {
    func malformed(_ part: String) -> Failure { Failure(.answerUnreadable, function: "PKCS#10", context: part) }
    guard der.count <= Self.limit else { throw malformed("\(der.count)") }
    var outer = DERReader(der[...])
    guard let content = outer.next(tag: 0x30), outer.rest.isEmpty else { throw malformed("CertificationRequest") }
    var parts = DERReader(content)
    guard let body = parts.next(tag: 0x30), let algorithm = parts.next(tag: 0x30), let bits = parts.next(tag: 0x03),
      parts.rest.isEmpty, bits.first == 0
    else { throw malformed("CertificationRequest") }
    var fields = DERReader(body)
    guard let version = fields.next(tag: 0x02), Array(version) == [0], let name = fields.next(tag: 0x30),
      let info = fields.next(tag: 0x30)
    else { throw malformed("CertificationRequestInfo") }
    // Attributes are not used; some makers leave them out.
    if !fields.rest.isEmpty {
      guard fields.next(tag: 0xA0) != nil, fields.rest.isEmpty else { throw malformed("attributes") }
    }
    let key = try PublicKeyInfo(der: DERWriter.element(0x30, Array(info)))
    var identifier = DERReader(algorithm)
    var wanted = DERReader(try Self.algorithm(key.kind)[...])
    var wantedIdentifier = DERReader(wanted.next(tag: 0x30) ?? [])
    guard let oid = identifier.next(tag: 0x06), oid == wantedIdentifier.next(tag: 0x06) else {
      throw malformed("signatureAlgorithm")
    }
    self.der = der
    information = DERWriter.element(0x30, Array(body))
    subject = DERWriter.element(0x30, Array(name))
    self.key = key
    signature = Array(bits.dropFirst())
    try key.verify(signature, of: information)
  }

  /// - Parameter bytes: DER, or PEM with one block. - Throws: as ``init(der:)``.
  package init(reading bytes: [UInt8]) throws(Failure) {
    let der =
      bytes.first == 0x30
      ? bytes : PEM.block("CERTIFICATE REQUEST", in: bytes) ?? PEM.block("NEW CERTIFICATE REQUEST", in: bytes)
    guard let der else { throw Failure(.answerUnreadable, function: "PKCS#10", context: "PEM") }
    try self.init(der: der)
  }

  /// The name that is asked for, read from ``subject``. Not escaped.
  package var name: DistinguishedName { DistinguishedName(der: subject) }

  package var pem: String { PEM.encode(der, label: "CERTIFICATE REQUEST") }

  /// AlgorithmIdentifier of the signature that such a key makes here (GM/T 0006, RFC 5754, RFC 5758).
  private static func algorithm(_ kind: PublicKey) throws(Failure) -> [UInt8] {
    switch kind {
    case .sm2: DERWriter.sequence(DERWriter.oid("1.2.156.10197.1.501"))
    case .rsa: DERWriter.sequence(DERWriter.oid("1.2.840.113549.1.1.11"), DERWriter.element(0x05, []))
    case .ec(_, let bits) where bits == 384: DERWriter.sequence(DERWriter.oid("1.2.840.10045.4.3.3"))
    case .ec: DERWriter.sequence(DERWriter.oid("1.2.840.10045.4.3.2"))
    case .other: throw Failure(.notSupported, function: "PKCS#10", context: kind.name)
    }
  }
}
