internal import Base
package import CertificateKit
package import Failures
internal import TokenKit

/// An answer that belongs to an order: its certificates told apart and checked against the order.
package struct CheckedAnswer: Sendable {
  package var signature: Certificate
  package var encryption: (certificate: Certificate, key: EnvelopedKey)?
  /// What somebody has to agree to before it is written.
  package var differences: [AnswerDifference]
}

/// In what a new certificate differs from the old one, or what is not known of it.
package enum AnswerDifference: Sendable, Equatable {
  /// Who it speaks of.
  case owner(old: String, new: String)
  /// 统一社会信用代码; `nil`: it has none.
  case uscc(old: String?, new: String?)
  case issuer(old: String, new: String)
  /// No CA that is trusted here issued it.
  case chain(ChainVerdict)
  /// It ends no later than the old one.
  case notLonger(old: Int64, new: Int64)
  /// An SM2 answer without the second pair: nothing can be encrypted to who gets it.
  case noEncryptionPair

  /// As documents and failures call it; stable.
  package var name: String {
    switch self {
    case .owner: "owner"
    case .uscc: "uscc"
    case .issuer: "issuer"
    case .chain: "chain"
    case .notLonger: "notAfter"
    case .noEncryptionPair: "encryptionPair"
    }
  }
}

extension RenewalJournal {
  /// Finds the order's own certificates in an answer, and looks at each.
  ///
  /// - Parameters:
  ///   - trust: the CA certificates that chains are checked against; `nil`: none are configured.
  ///   - now: seconds since 1970-01-01 UTC.
  /// - Throws: `UK-531` when none is of the order's pair, or it may not sign; `UK-533` out of date; `UK-534` when certificate
  ///   and key of the encryption pair do not belong together, or only one of them is there; `UK-537` when the order has no
  ///   pair yet; `UK-530` for two certificates of one key.
  package func check(
    _ answer: IssuedAnswer, trust: TrustDirectory?, now: Int64
  ) throws(Failure) -> CheckedAnswer {
    guard let pair else { throw Failure(.renewalPairGone, context: numberText) }
    var certificates: [Certificate] = []
    for der in answer.certificates { certificates.append(try Certificate(der: der)) }
    func of(_ key: PublicKeyInfo) throws(Failure) -> Certificate? {
      let found = certificates.filter { !$0.isAuthority && (try? $0.publicKeyInfo()) == key }
      guard found.count <= 1 else { throw Failure(.answerUnreadable, context: "× \(found.count)") }
      return found.first
    }
    guard let signature = try of(pair) else {
      throw Failure(.answerOtherKey, context: certificates.first.map { displaySafe($0.owner) })
    }
    // RFC 5280 §4.2.1.3: without the extension a key may do everything.
    if let usage = signature.keyUsage, !usage.contains(.digitalSignature) {
      throw Failure(.answerOtherKey, context: "keyUsage")
    }
    var encryption: (certificate: Certificate, key: EnvelopedKey)?
    if let envelope = answer.envelope {
      guard keyKind == .sm2 else { throw Failure(.answerPair, context: keyKind.rawValue) }
      guard let certificate = try of(try PublicKeyInfo(sm2: envelope.point)) else {
        throw Failure(.answerPair, context: "certificate")
      }
      guard envelope.point != pair.point else { throw Failure(.answerPair, context: "pair") }
      encryption = (certificate, envelope)
    }
    let others = certificates.filter {
      !$0.isAuthority && $0.der != signature.der && $0.der != encryption?.certificate.der
    }
    // An encryption certificate without its key is of no use, and an answer with somebody else's is a mixed-up one.
    if let other = others.first { throw Failure(.answerPair, context: displaySafe(other.owner)) }
    for certificate in [signature, encryption?.certificate].compactMap({ $0 }) {
      guard certificate.validity.notBefore <= now, now <= certificate.validity.notAfter else {
        throw Failure(
          .answerNotInDate, context: "\(certificate.validity.notBefore) … \(certificate.validity.notAfter)")
      }
    }
    let authorities = certificates.filter(\.isAuthority)
    var differences = try self.differences(signature, authorities, trust, now)
    if let other = encryption?.certificate {
      for difference in try self.differences(other, authorities, trust, now) where !differences.contains(difference) {
        differences.append(difference)
      }
    } else if keyKind == .sm2 {
      // Both certificates of a renewal come together; with the old container the only pair that decrypts would go.
      differences.append(.noEncryptionPair)
    }
    return CheckedAnswer(signature: signature, encryption: encryption, differences: differences)
  }

  private func differences(
    _ new: Certificate, _ authorities: [Certificate], _ trust: TrustDirectory?, _ now: Int64
  ) throws(Failure) -> [AnswerDifference] {
    var found: [AnswerDifference] = []
    let verdict = trust?.verify(new, intermediates: authorities, at: now) ?? .noTrustAnchors
    if !verdict.isTrusted { found.append(.chain(verdict)) }
    guard let old = try oldCertificate.map({ der throws(Failure) in try Certificate(der: der) }) else { return found }
    if new.owner != old.owner { found.append(.owner(old: old.owner, new: new.owner)) }
    if new.uscc?.code != old.uscc?.code { found.append(.uscc(old: old.uscc?.code, new: new.uscc?.code)) }
    if new.issuer.text != old.issuer.text { found.append(.issuer(old: old.issuer.text, new: new.issuer.text)) }
    if new.validity.notAfter <= old.validity.notAfter {
      found.append(.notLonger(old: old.validity.notAfter, new: new.validity.notAfter))
    }
    return found
  }
}
