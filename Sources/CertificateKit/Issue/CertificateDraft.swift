internal import COpenSSL
package import Failures

/// A certificate that a private authority makes (RFC 5280, GM/T 0015): what is to be signed is written here, the signature
/// made elsewhere.
package struct CertificateDraft: Sendable {
  package enum Use: Sendable {
    case authority
    /// digitalSignature, nonRepudiation.
    case signature
    /// keyEncipherment, dataEncipherment, keyAgreement.
    case encryption
  }

  package var serial: [UInt8]
  /// `Name`, DER.
  package var issuer: [UInt8]
  package var subject: [UInt8]
  package var key: PublicKeyInfo
  package var use: Use
  /// Seconds since 1970-01-01 UTC.
  package var notBefore: Int64
  package var notAfter: Int64
  /// Whole extensions, DER, added as they stand.
  package var extensions: [[UInt8]] = []
  /// The kind of key that signs it.
  package var signer = PublicKey.sm2

  /// With a random serial number of 16 bytes. - Throws: `UK-901`.
  package init(
    issuer: [UInt8], subject: [UInt8], key: PublicKeyInfo, use: Use, notBefore: Int64, notAfter: Int64
  ) throws(Failure) {
    var random = [UInt8](repeating: 0, count: 16)
    _ = try OpenSSL.call("RAND_bytes") { RAND_bytes(&random, Int32(random.count)) == 1 ? true : nil }
    // Positive and not zero (RFC 5280 §4.1.2.2).
    random[0] = random[0] & 0x7F | 0x01
    serial = random
    self.issuer = issuer
    self.subject = subject
    self.key = key
    self.use = use
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// TBSCertificate, to be signed: with SM2, or with SHA-256.
  package var toBeSigned: [UInt8] {
    DERWriter.sequence(
      DERWriter.context(0, DERWriter.element(0x02, [2])), DERWriter.element(0x02, serial), algorithm, issuer,
      DERWriter.sequence(Self.time(notBefore), Self.time(notAfter)), subject, key.der,
      DERWriter.context(3, DERWriter.element(0x30, (standardExtensions + extensions).flatMap { $0 })))
  }

  /// - Parameter signature: over ``toBeSigned``; of SM2 and ECDSA in DER.
  package func signed(_ signature: [UInt8]) -> [UInt8] {
    DERWriter.sequence(toBeSigned, algorithm, DERWriter.element(0x03, [0x00] + signature))
  }

  /// AlgorithmIdentifier of the signature (GM/T 0006, RFC 5758, RFC 8017).
  private var algorithm: [UInt8] {
    switch signer {
    case .rsa: DERWriter.sequence(DERWriter.oid("1.2.840.113549.1.1.11"), DERWriter.element(0x05, []))
    case .ec: DERWriter.sequence(DERWriter.oid("1.2.840.10045.4.3.2"))
    case .sm2, .other: DERWriter.sequence(DERWriter.oid("1.2.156.10197.1.501"))
    }
  }

  private var standardExtensions: [[UInt8]] {
    func item(_ oid: StaticString, _ value: [UInt8]) -> [UInt8] {
      DERWriter.sequence(DERWriter.oid(oid), DERWriter.element(0x01, [0xFF]), DERWriter.octets(value))
    }
    let isAuthority = use == .authority
    let constraints = DERWriter.element(0x30, isAuthority ? DERWriter.element(0x01, [0xFF]) : [])
    // The bits of RFC 5280 §4.2.1.3, with how many of the last byte are unused.
    let usage: [UInt8] =
      switch use {
      case .authority: [0x01, 0x06]
      case .signature: [0x06, 0xC0]
      case .encryption: [0x03, 0x38]
      }
    return [item("2.5.29.19", constraints), item("2.5.29.15", DERWriter.element(0x03, usage))]
  }

  /// UTCTime to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5).
  static func time(_ seconds: Int64) -> [UInt8] {
    // Days to a date of the proleptic Gregorian calendar, years beginning in March.
    let seconds = min(max(seconds, 0), 253_402_300_799)
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let clock = seconds % 86_400
    let rest = two(month) + two(day) + two(clock / 3600) + two(clock / 60 % 60) + two(clock % 60) + "Z"
    return year < 2050
      ? DERWriter.element(0x17, Array((two(year % 100) + rest).utf8))
      : DERWriter.element(0x18, Array((two(year / 100) + two(year % 100) + rest).utf8))
  }

  /// A `Name` of attributes as UTF8String; the country as PrintableString.
  package static func name(country: String, organization: String, commonName: String) -> [UInt8] {
    func attribute(_ oid: StaticString, _ tag: UInt8, _ text: String) -> [UInt8] {
      DERWriter.set(DERWriter.sequence(DERWriter.oid(oid), DERWriter.element(tag, Array(text.utf8))))
    }
    return DERWriter.sequence(
      attribute("2.5.4.6", 0x13, country), attribute("2.5.4.10", 0x0C, organization),
      attribute("2.5.4.3", 0x0C, commonName))
  }
}

extension Certificate {
  /// The extensions in which a certificate of the trade names its owner beside the subject (GM/T 0015-2012, 1.2.156.10260.4.1
  /// and below), whole and as they stand: a renewal carries them over.
  package var identityExtensions: [[UInt8]] {
    // 1.2.156.10260.4.1
    let arc: [UInt8] = [0x2A, 0x81, 0x1C, 0xD0, 0x14, 0x04, 0x01]
    return Self.extensionElements(der).filter { element in
      var item = DERReader(element[...])
      var content = DERReader(item.next(tag: 0x30) ?? [])
      return content.next(tag: 0x06)?.starts(with: arc) == true
    }
  }

  private static func extensionElements(_ der: [UInt8]) -> [[UInt8]] {
    var fields = fieldsFromSubject(der)
    _ = fields.next(tag: 0x30)
    _ = fields.next(tag: 0x30)
    while let element = fields.next() {
      guard element.tag == 0xA3 else { continue }
      var wrapper = DERReader(element.content)
      var list = DERReader(wrapper.next(tag: 0x30) ?? [])
      var found: [[UInt8]] = []
      while let item = list.next(tag: 0x30) { found.append(DERWriter.element(0x30, Array(item))) }
      return found
    }
    return []
  }
}
