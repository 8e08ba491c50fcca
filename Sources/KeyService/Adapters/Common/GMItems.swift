/// Numbers of certificate items in GM/T 0006 (SGD_CERT_…, SGD_EXT_…), which several protocols use.
enum GMItems {
  static func item(_ number: Int) -> CertificateItem? { table[number] }

  private static let table: [Int: CertificateItem] = [
    0x01: .version, 0x02: .serial, 0x05: .issuer, 0x06: .validity, 0x07: .subject, 0x13: .keyUsage,
    0x21: .issuerAttribute(CertificateItem.commonName), 0x22: .issuerAttribute(CertificateItem.organization),
    0x23: .issuerAttribute(CertificateItem.unit), 0x31: .subjectAttribute(CertificateItem.commonName),
    0x32: .subjectAttribute(CertificateItem.organization), 0x33: .subjectAttribute(CertificateItem.unit),
    0x34: .subjectAttribute(CertificateItem.email),
    // Not of the standard: pages choose the digest by it.
    0x36: .signatureAlgorithm,
  ]
}
