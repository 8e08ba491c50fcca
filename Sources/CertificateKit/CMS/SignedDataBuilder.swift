package import Failures

/// Makes a ``SignedData`` with one signer whose key is elsewhere: ask for ``input``, have the key sign it, then
/// ``finish(_:)``.
package struct SignedDataBuilder: Sendable {
  /// What is written where the field differs.
  package struct Form: Sendable, Equatable {
    package var dialect: SignedData.Dialect
    /// Signed attributes `contentType` and `messageDigest`; without them the content itself is signed.
    package var hasAttributes: Bool
    package var isDetached: Bool

    package init(dialect: SignedData.Dialect, hasAttributes: Bool, isDetached: Bool) {
      self.dialect = dialect
      self.hasAttributes = hasAttributes
      self.isDetached = isDetached
    }

    /// As the field expects it: GM/T 0010 without attributes for SM2, CMS with attributes else.
    package init(for key: PublicKey, isDetached: Bool) {
      self.init(dialect: key == .sm2 ? .gm : .cms, hasAttributes: key != .sm2, isDetached: isDetached)
    }
  }

  /// What the key signs; an SM2 key with Z and the usual ID.
  package let input: [UInt8]
  private let content: [UInt8]
  private let certificate: Certificate
  private let chain: [Certificate]
  private let form: Form
  private let digest: DigestAlgorithm

  /// - Parameter chain: further certificates to put in.
  /// - Throws: `UK-220` for a key of another kind, `UK-302`.
  package init(
    _ content: [UInt8], signer certificate: Certificate, chain: [Certificate] = [], form: Form
  ) throws(Failure) {
    guard Self.signatureAlgorithm(certificate.publicKey) != nil else {
      throw Failure(.notSupported, function: "SignedData", context: certificate.publicKey.name)
    }
    digest = DigestAlgorithm(for: certificate.publicKey)
    self.content = content
    self.certificate = certificate
    self.chain = chain
    self.form = form
    input =
      form.hasAttributes
      ? DERWriter.sortedSet(Self.attributes(form.dialect, try digest.digest(of: content))) : content
  }

  /// - Parameter signature: over ``input``, as X.509 writes it (DER of r and s; PKCS#1).
  /// - Returns: DER.
  package func finish(_ signature: [UInt8]) throws(Failure) -> [UInt8] {
    let identity = try certificate.issuerAndSerial()
    let digestAlgorithm = DERWriter.sequence(DERWriter.oid(digest.oid), digest == .sm3 ? [] : Self.null)
    // The attributes were written as a SET; here they carry [0].
    let attributes = form.hasAttributes ? [0xA0] + input.dropFirst() : []
    let signer = DERWriter.sequence(
      Self.integer(1), DERWriter.sequence(identity.issuer, DERWriter.element(0x02, identity.serial)), digestAlgorithm,
      attributes, Self.signatureAlgorithm(certificate.publicKey) ?? [], DERWriter.octets(signature))
    let encapsulated = DERWriter.sequence(
      DERWriter.oid(form.dialect.data), form.isDetached ? [] : DERWriter.context(0, DERWriter.octets(content)))
    let certificates = [certificate.der] + chain.map(\.der)
    let signedData = DERWriter.sequence(
      Self.integer(1), DERWriter.set(digestAlgorithm), encapsulated,
      DERWriter.sortedSet(certificates, tag: 0xA0), DERWriter.set(signer))
    return DERWriter.sequence(DERWriter.oid(form.dialect.signedData), DERWriter.context(0, signedData))
  }

  private static func attributes(_ dialect: SignedData.Dialect, _ digest: [UInt8]) -> [[UInt8]] {
    [
      DERWriter.sequence(DERWriter.oid(AttributeOID.contentType), DERWriter.set(DERWriter.oid(dialect.data))),
      DERWriter.sequence(DERWriter.oid(AttributeOID.messageDigest), DERWriter.set(DERWriter.octets(digest))),
    ]
  }

  private static func signatureAlgorithm(_ key: PublicKey) -> [UInt8]? {
    switch key {
    // GM/T 0010 names the kind of key here (SM2 digital signature), not the pair with SM3.
    case .sm2: DERWriter.sequence(DERWriter.oid("1.2.156.10197.1.301.1"))
    case .rsa: DERWriter.sequence(DERWriter.oid("1.2.840.113549.1.1.1"), null)
    case .ec(_, let bits) where bits == 384: DERWriter.sequence(DERWriter.oid("1.2.840.10045.4.3.3"))
    case .ec: DERWriter.sequence(DERWriter.oid("1.2.840.10045.4.3.2"))
    case .other: nil
    }
  }

  private static let null: [UInt8] = [0x05, 0x00]
  private static func integer(_ value: UInt8) -> [UInt8] { [0x02, 0x01, value] }
}

extension Certificate {
  /// What names this certificate in a signature: the issuer's whole `Name` in DER, and the content of the serial number.
  ///
  /// - Throws: `UK-302`.
  package func issuerAndSerial() throws(Failure) -> (issuer: [UInt8], serial: [UInt8]) {
    var outer = DERReader(der[...])
    var certificate = DERReader(outer.next(tag: 0x30) ?? [])
    var body = DERReader(certificate.next(tag: 0x30) ?? [])
    let failure = Failure(.certificateMalformed, function: "issuerAndSerialNumber")
    guard var serial = body.next() else { throw failure }
    if serial.tag == 0xA0 {
      guard let next = body.next() else { throw failure }
      serial = next
    }
    guard serial.tag == 0x02, body.next(tag: 0x30) != nil else { throw failure }
    let before = body.rest
    guard body.next(tag: 0x30) != nil else { throw failure }
    return (Array(before[..<body.rest.startIndex]), Array(serial.content))
  }
}
