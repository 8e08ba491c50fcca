/// The kinds of key the test CA makes and certifies.
package enum TestKeyKind: String, Sendable, CaseIterable {
  /// SM2 on the curve of GB/T 32918.5, signed with SM3 and the ID `1234567812345678` (GM/T 0009).
  case sm2
  case rsa2048
  case p256
  case p384
  /// For holders only (RFC 8032): no CA of the trade has such a key.
  case ed25519

  /// Those that log in.
  package static let allCases: [TestKeyKind] = [.sm2, .rsa2048, .p256, .p384]
}

/// What a test certificate says.
package struct TestCertificate: Sendable {
  /// One attribute of a distinguished name.
  package struct Attribute: Sendable {
    package enum Encoding: Sendable {
      /// As OpenSSL chooses: PrintableString for `C`, UTF8String otherwise.
      case automatic
      /// BMPString, as older CAs write Chinese names.
      case bmp
    }
    /// Short name (`CN`, `O`, `serialNumber`) or dotted OID.
    package var type: String
    package var value: String
    package var encoding: Encoding

    package init(_ type: String, _ value: String, encoding: Encoding = .automatic) {
      self.type = type
      self.value = value
      self.encoding = encoding
    }
  }

  /// An extension beyond the usual ones.
  package struct Extension: Sendable {
    /// Dotted OID.
    package var oid: String
    /// Content of `extnValue`, taken as it is (field practice is not always DER).
    package var value: [UInt8]
    package var critical: Bool

    package init(oid: String, value: [UInt8], critical: Bool = false) {
      self.oid = oid
      self.value = value
      self.critical = critical
    }
  }

  /// What the key may be used for (`keyUsage`).
  package enum Usage: Sendable {
    /// digitalSignature, nonRepudiation.
    case signature
    /// keyEncipherment, dataEncipherment, keyAgreement.
    case encryption
    /// Any list in OpenSSL's configuration syntax, for example `critical,digitalSignature`; empty for no extension.
    case custom(String)
  }

  package var keyKind: TestKeyKind
  package var subject: [Attribute]
  /// Unix time, seconds.
  package var notBefore: Int64
  /// Unix time, seconds.
  package var notAfter: Int64
  package var usage: Usage
  package var extensions: [Extension]
  /// Big-endian, at most 20 bytes; nil for a random one.
  package var serialNumber: [UInt8]?

  package init(
    keyKind: TestKeyKind, subject: [Attribute], notBefore: Int64, notAfter: Int64, usage: Usage = .signature,
    extensions: [Extension] = [], serialNumber: [UInt8]? = nil
  ) {
    self.keyKind = keyKind
    self.subject = subject
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.usage = usage
    self.extensions = extensions
    self.serialNumber = serialNumber
  }

  /// A certificate of an organisation in the shape Shenzhen CAs use: `C, ST, L, O, OU` = 统一社会信用代码, `CN`, and
  /// the code once more in extension 1.2.156.10260.4.1.4 (GM/T 0015-2012 OrganizationCode) as UTF8String.
  package static func organization(
    name: String, uscc: String, keyKind: TestKeyKind = .sm2, usage: Usage = .signature, notBefore: Int64,
    notAfter: Int64
  ) -> TestCertificate {
    TestCertificate(
      keyKind: keyKind,
      subject: [
        Attribute("C", "CN"), Attribute("ST", "广东省"), Attribute("L", "深圳市"), Attribute("O", name),
        Attribute("OU", uscc), Attribute("CN", name),
      ],
      notBefore: notBefore, notAfter: notAfter, usage: usage,
      extensions: [.text(oid: "1.2.156.10260.4.1.4", uscc)])
  }
}

extension TestCertificate.Extension {
  /// An extension whose content is one UTF8String.
  package static func text(oid: String, _ text: String) -> Self {
    Self(oid: oid, value: derValue(tag: 0x0C, Array(text.utf8)))
  }

  /// An extension whose content is one PrintableString.
  package static func printable(oid: String, _ text: String) -> Self {
    Self(oid: oid, value: derValue(tag: 0x13, Array(text.utf8)))
  }

  private static func derValue(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    // Definite length, short form or one or two length bytes; longer content is cut (X.690 8.1.3).
    let body = content.prefix(0xFFFF)
    let count = body.count
    switch count {
    case ..<0x80: return [tag, UInt8(count)] + body
    case ..<0x100: return [tag, 0x81, UInt8(count)] + body
    default: return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }
  }
}

/// A certificate with its private key.
package struct IssuedCertificate: Sendable {
  /// X.509, DER.
  package let certificate: [UInt8]
  /// PKCS#8 `PrivateKeyInfo`, DER, not encrypted: test material only.
  package let privateKey: [UInt8]
  package let keyKind: TestKeyKind

  package init(certificate: [UInt8], privateKey: [UInt8], keyKind: TestKeyKind) {
    self.certificate = certificate
    self.privateKey = privateKey
    self.keyKind = keyKind
  }
}
