package import CertificateKit

/// Why an order does not show by itself who asks: the issuer then has to know it otherwise, and to say so.
package enum OldCertificateDoubt: Sendable, Equatable {
  /// No CA that is trusted here issued the old certificate.
  case chain(ChainVerdict)
  /// It has ended.
  case expired(Int64)
  /// Its issuer has revoked it, since when: whoever has the key may not be whose it was.
  case revoked(Int64?)
  /// It has not begun.
  case notYetValid(Int64)
  /// A new key without an old certificate; the name that is asked for.
  case noStatement(String)
  /// Another name is asked for than the old certificate has; which one. Not escaped.
  case otherName(String)

  /// As documents and the record call it; stable.
  package var name: String {
    switch self {
    case .chain: "chain"
    case .expired: "expired"
    case .notYetValid: "notYetValid"
    case .revoked: "revoked"
    case .noStatement: "statement"
    case .otherName: "name"
    }
  }
}

extension RenewalOrder {
  /// What does not hold of the certificate that signed the statement; that it did sign, ``parse(_:)`` has seen. The statement
  /// says whose order it is, and nothing of the name in the request.
  ///
  /// - Parameters:
  ///   - trust: the CA certificates that its chain is checked against; `nil`: none are configured.
  ///   - lists: what these CAs have revoked.
  ///   - now: seconds since 1970-01-01 UTC.
  package func doubts(trust: TrustDirectory?, lists: [RevocationList], now: Int64) -> [OldCertificateDoubt] {
    guard let old = old?.certificate else { return [.noStatement(csr.name.text)] }
    var found: [OldCertificateDoubt] = []
    // Dates are a line of their own: the chain is asked at a time when this certificate was in date.
    let validity = old.validity
    let verdict = trust?.verify(old, at: min(max(now, validity.notBefore), validity.notAfter)) ?? .noTrustAnchors
    if !verdict.isTrusted { found.append(.chain(verdict)) }
    if now > validity.notAfter { found.append(.expired(validity.notAfter)) }
    if now < validity.notBefore { found.append(.notYetValid(validity.notBefore)) }
    for case .revoked(let since, _)? in lists.map({ try? $0.verdict(on: old) }) {
      found.append(.revoked(since))
      break
    }
    if (try? old.subjectName()) != csr.subject { found.append(.otherName(csr.name.text)) }
    return found
  }
}
