/// What a certificate of a pair is for, in the words of the trade: 签名 or 加密.
package enum CertificateUse: Sendable, Equatable, CaseIterable {
  case signature
  case encryption
  case both
  /// No key usage, or only bits that are neither (a CA's).
  case unknown

  package init(_ usage: KeyUsage?) {
    let usage = usage ?? []
    let signs = !usage.isDisjoint(with: [.digitalSignature, .nonRepudiation])
    let encrypts = !usage.isDisjoint(with: [.keyEncipherment, .dataEncipherment, .keyAgreement])
    self = signs ? (encrypts ? .both : .signature) : encrypts ? .encryption : .unknown
  }
}

extension Certificate {
  /// 签名, 加密 or both, from the key usage.
  package var use: CertificateUse { CertificateUse(keyUsage) }

  /// 证书所有者: CN, else O, else the whole subject. Not escaped.
  package var owner: String { subject.displayName }
}

extension DistinguishedName {
  /// CN, else O, else the whole name in one line. Not escaped.
  package var displayName: String {
    for name in [commonName, organization] {
      if let name, !name.isEmpty { return name }
    }
    return text
  }
}

extension KeyUsage {
  /// The bits that are set, by their names in RFC 5280 §4.2.1.3.
  package var standardNames: [String] {
    let all: [(KeyUsage, String)] = [
      (.digitalSignature, "digitalSignature"), (.nonRepudiation, "nonRepudiation"),
      (.keyEncipherment, "keyEncipherment"), (.dataEncipherment, "dataEncipherment"), (.keyAgreement, "keyAgreement"),
      (.keyCertSign, "keyCertSign"), (.crlSign, "cRLSign"), (.encipherOnly, "encipherOnly"),
      (.decipherOnly, "decipherOnly"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
