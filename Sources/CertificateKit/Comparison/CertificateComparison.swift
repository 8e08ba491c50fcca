/// Two certificates side by side: what each says of the same thing, and what follows from it. The one rule for the window
/// and for the command.
package struct CertificateComparison: Sendable, Equatable {
  /// What is compared, in the order in which it is shown. The names are those of JSON.
  package enum Field: String, Sendable, CaseIterable {
    case owner
    case organization
    case uscc
    case issuer
    case serial
    case notBefore
    case notAfter
    case use
    case extendedUse
    case algorithm
    /// SHA-256 of the public key's bits: the same after a renewal that kept the key.
    case publicKey
    case signatureAlgorithm
    /// All attributes of the subject in one line.
    case subject
  }

  package enum Value: Sendable, Equatable {
    /// The certificate has no such thing.
    case none
    /// As it stands in the certificate; not escaped.
    case text(String)
    /// Seconds since 1970-01-01 UTC.
    case time(Int64)
    case use(CertificateUse)
  }

  package struct Row: Sendable, Equatable {
    package var field: Field
    package var left: Value
    package var right: Value

    package var differs: Bool { left != right }
  }

  /// What the two are to each other.
  package enum Relation: Sendable, Equatable {
    /// Byte for byte.
    case same
    /// Of one holder and for one use; `rightIsNewer` by the end of its validity, then its beginning. `keepsKey` is `nil`
    /// where a public key could not be told.
    case renewal(rightIsNewer: Bool, keepsKey: Bool?)
    /// Of one holder, one for signing and the other for encryption.
    case pair
    /// Of one holder, otherwise different.
    case sameHolder
    case unrelated
  }

  package var rows: [Row]
  package var relation: Relation

  package init(_ left: Certificate, _ right: Certificate) {
    let rows = Field.allCases.map { Row(field: $0, left: left.value($0), right: right.value($0)) }
    self.rows = rows
    let key = rows.first { $0.field == .publicKey && $0.left != .none && $0.right != .none }
    relation = Self.relation(left, right, keepsKey: key.map { !$0.differs })
  }

  /// The rows whose two sides are not alike.
  package var differences: [Row] { rows.filter(\.differs) }

  private static func relation(_ left: Certificate, _ right: Certificate, keepsKey: Bool?) -> Relation {
    if left.der == right.der { return .same }
    guard left.isOfHolder(of: right) else { return .unrelated }
    if left.use == right.use {
      let (a, b) = (left.validity, right.validity)
      // Issued together with one another: two certificates, not one after the other.
      guard a != b else { return .sameHolder }
      return .renewal(rightIsNewer: (b.notAfter, b.notBefore) > (a.notAfter, a.notBefore), keepsKey: keepsKey)
    }
    let uses = [left.use, right.use]
    return uses.contains(.signature) && uses.contains(.encryption) ? .pair : .sameHolder
  }
}

extension Certificate {
  /// Whether both name one holder: by the code where both have one, else by the name.
  package func isOfHolder(of other: Certificate) -> Bool {
    if let mine = uscc?.code, let its = other.uscc?.code, uscc?.check == other.uscc?.check { return mine == its }
    return owner == other.owner
  }

  fileprivate func value(_ field: CertificateComparison.Field) -> CertificateComparison.Value {
    func text(_ text: String?) -> CertificateComparison.Value { text.map { $0.isEmpty ? .none : .text($0) } ?? .none }
    return switch field {
    case .owner: text(owner)
    case .organization: text(subject.organization)
    case .uscc: text(uscc?.code)
    case .issuer: text(issuer.text)
    case .serial: text(serialText)
    case .notBefore: .time(validity.notBefore)
    case .notAfter: .time(validity.notAfter)
    case .use: .use(use)
    case .extendedUse: text(extendedKeyUsage.sorted().joined(separator: ", "))
    case .algorithm: text(publicKey.name)
    case .publicKey: text(publicKeyDigest)
    case .signatureAlgorithm: text(signatureAlgorithm)
    case .subject: text(subject.text)
    }
  }
}
