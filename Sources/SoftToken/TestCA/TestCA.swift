import COpenSSL
package import Failures

/// A certification authority that exists only while the program runs: root key and certificate made at start, labelled
/// 演示/DEMO. It gives software cards certificates of invented holders; nothing it signs is worth anything.
package final class TestCA {
  package let kind: TestKeyKind
  /// The self-signed root certificate, DER.
  package let certificate: [UInt8]

  private let key: PrivateKey
  private let root: OpaquePointer

  private init(kind: TestKeyKind, key: PrivateKey, root: OpaquePointer, certificate: [UInt8]) {
    self.kind = kind
    self.key = key
    self.root = root
    self.certificate = certificate
  }

  deinit {
    X509_free(root)
  }

  /// Makes a root valid from 2020-01-01 to 2049-12-31.
  ///
  /// - Parameters:
  ///   - commonName: `CN` of the root, by default `SZCA SM2 CA (DEMO 演示)` or its like for the other kinds.
  ///   - privateKey: PKCS#8 DER of a key of that kind to use instead of a new one.
  /// - Throws: `UK-901`.
  package static func make(
    kind: TestKeyKind = .sm2, commonName: String? = nil, privateKey: [UInt8]? = nil
  ) throws(Failure) -> TestCA {
    ukey_openssl_start()
    let key: PrivateKey =
      if let privateKey { try PrivateKey(pkcs8: privateKey) } else { try PrivateKey.generate(kind) }
    let name = commonName ?? defaultName(kind)
    let content = TestCertificate(
      keyKind: kind,
      subject: [.init("C", "CN"), .init("O", "UKEY TEST 演示，不具法律效力"), .init("CN", name)],
      notBefore: 1_577_836_800, notAfter: 2_524_607_999, usage: .custom("critical,keyCertSign,cRLSign"))
    let builder = try CertificateBuilder(content, publicKey: key)
    try builder.setSubject()
    try builder.setIssuer(sameAs: builder.certificate)
    try builder.addExtension(NID_basic_constraints, "critical,CA:TRUE", issuer: builder.certificate)
    try builder.addExtension(NID_subject_key_identifier, "hash", issuer: builder.certificate)
    try builder.addUsage(issuer: builder.certificate)
    let der = try builder.sign(with: key, kind: kind)
    return TestCA(kind: kind, key: key, root: builder.takeCertificate(), certificate: der)
  }

  /// Certifies a new key, or the given one.
  ///
  /// - Parameter privateKey: PKCS#8 DER of a key of `content.keyKind`; nil generates one.
  /// - Throws: `UK-901`.
  package func issue(_ content: TestCertificate, privateKey: [UInt8]? = nil) throws(Failure) -> IssuedCertificate {
    let subjectKey: PrivateKey =
      if let privateKey { try PrivateKey(pkcs8: privateKey) } else { try PrivateKey.generate(content.keyKind) }
    let builder = try CertificateBuilder(content, publicKey: subjectKey)
    try builder.setSubject()
    try builder.setIssuer(sameAs: root)
    try builder.addExtension(NID_basic_constraints, "CA:FALSE", issuer: root)
    try builder.addExtension(NID_subject_key_identifier, "hash", issuer: root)
    try builder.addExtension(NID_authority_key_identifier, "keyid", issuer: root)
    try builder.addUsage(issuer: root)
    try builder.addOwnExtensions()
    let der = try builder.sign(with: key, kind: kind)
    let pkcs8: [UInt8] = if let privateKey { privateKey } else { try subjectKey.pkcs8() }
    return IssuedCertificate(certificate: der, privateKey: pkcs8, keyKind: content.keyKind)
  }

  private static func defaultName(_ kind: TestKeyKind) -> String {
    switch kind {
    case .sm2: "SZCA SM2 CA (DEMO 演示)"
    case .rsa2048: "SZCA RSA CA (DEMO 演示)"
    case .p256: "SZCA P-256 CA (DEMO 演示)"
    case .p384: "SZCA P-384 CA (DEMO 演示)"
    case .ed25519: "SZCA Ed25519 CA (DEMO 演示)"
    }
  }
}
