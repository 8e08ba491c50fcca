/// What a certificate of a pair is for, in the words of the trade: 签名 or 加密.
public enum CertificateUse: Sendable, Equatable, CaseIterable {
  case signature
  case encryption
  case both
  /// No key usage, or only bits that are neither (a CA's).
  case unknown

  public init(_ usage: KeyUsage?) {
    let usage = usage ?? []
    let signs = !usage.isDisjoint(with: [.digitalSignature, .nonRepudiation])
    let encrypts = !usage.isDisjoint(with: [.keyEncipherment, .dataEncipherment, .keyAgreement])
    self = signs ? (encrypts ? .both : .signature) : encrypts ? .encryption : .unknown
  }
}

extension Certificate {
  /// 签名, 加密 or both, from the key usage.
  public var use: CertificateUse { CertificateUse(keyUsage) }

  /// 证书所有者: CN, else O, else the whole subject. Not escaped.
  public var owner: String { subject.displayName }
}

extension DistinguishedName {
  /// CN, else O, else the whole name in one line. Not escaped.
  public var displayName: String {
    for name in [commonName, organization] {
      if let name, !name.isEmpty { return name }
    }
    return text
  }
}
