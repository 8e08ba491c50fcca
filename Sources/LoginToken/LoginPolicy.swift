package import CertificateKit
package import Failures

/// What a site asks of the certificates that log in.
package struct LoginPolicy: Sendable {
  /// The CAs whose certificates are taken.
  package var trust: TrustDirectory { didSet { memory = ChainMemory(trust) } }
  /// What was found of ``trust``, shared by all copies of this policy.
  private(set) var memory: ChainMemory
  /// Further links of chains, not trusted by themselves.
  package var intermediates: [Certificate]
  /// Lists whose signature was checked when they were loaded.
  package var revocation: [RevocationList]
  /// Refuses a certificate of whose issuer there is no list, or an old one.
  package var needsRevocationList: Bool
  /// Refuses a certificate without 统一社会信用代码.
  package var needsUSCC: Bool
  /// Takes SHA-1 in signatures of old pages. Off: whoever can choose what is signed may forge.
  package var takesSHA1: Bool

  package init(
    trust: TrustDirectory, intermediates: [Certificate] = [], revocation: [RevocationList] = [],
    needsRevocationList: Bool = false, needsUSCC: Bool = false, takesSHA1: Bool = false
  ) {
    self.trust = trust
    memory = ChainMemory(trust)
    self.intermediates = intermediates
    self.revocation = revocation
    self.needsRevocationList = needsRevocationList
    self.needsUSCC = needsUSCC
    self.takesSHA1 = takesSHA1
  }

  /// Reads a list from a file's bytes and checks that one of the CAs here signed it.
  ///
  /// - Throws: `UK-310` when it is no list or none of these CAs issued it; `UK-430` when its signature is wrong.
  package mutating func addRevocationList(_ bytes: [UInt8]) throws(Failure) {
    let list = try RevocationList(bytes)
    var wrong: Failure?
    for issuer in trust.certificates + intermediates where try list.isIssued(by: issuer) {
      do throws(Failure) {
        try list.checkSignature(of: issuer)
        revocation.append(list)
        return
      } catch {
        wrong = error
      }
    }
    throw wrong ?? Failure(.trustDirectory, function: "CRL", context: "issuer")
  }

  /// Who a certificate is, if it may log in at `now` (seconds since 1970-01-01 UTC). The signature is another question.
  package func admit(
    _ certificate: Certificate, links: [Certificate] = [], now: Int64
  ) throws(LoginRefusal) -> LoginIdentity {
    try admit(try open(certificate), links: links, now: now)
  }

  func open(_ certificate: Certificate) throws(LoginRefusal) -> OpenedCertificate {
    do throws(Failure) { return try memory.open(certificate) } catch { throw .certificateMalformed }
  }

  func admit(
    _ opened: OpenedCertificate, links: [Certificate] = [], now: Int64
  ) throws(LoginRefusal) -> LoginIdentity {
    let certificate = opened.certificate
    guard certificate.use != .encryption else { throw .keyUsage }
    if let usage = certificate.keyUsage, usage.isDisjoint(with: [.digitalSignature, .nonRepudiation]) {
      throw .keyUsage
    }
    switch certificate.validity.state(now: now, reminderDays: 0) {
    case .notYetValid: throw .certificateNotYetValid
    case .expired: throw .certificateExpired
    case .valid, .expiring: break
    }
    let verdict = memory.verify(opened, intermediates: intermediates + links, at: now)
    guard verdict.isTrusted else { throw .untrusted(verdict) }
    try checkRevocation(certificate, now)
    if needsUSCC, certificate.uscc == nil { throw .identityMissing }
    return LoginIdentity(certificate: certificate, chain: verdict)
  }

  /// The newest list of the issuer counts; an old one still revokes.
  private func checkRevocation(_ certificate: Certificate, _ now: Int64) throws(LoginRefusal) {
    var newest: RevocationList?
    for list in revocation {
      let verdict: RevocationList.Verdict
      do throws(Failure) { verdict = try list.verdict(on: certificate) } catch { throw .certificateMalformed }
      switch verdict {
      case .otherIssuer: continue
      case .revoked: throw .revoked
      case .notListed: if list.thisUpdate > newest?.thisUpdate ?? .min { newest = list }
      }
    }
    guard needsRevocationList else { return }
    guard let newest else { throw .revocationListMissing }
    if let end = newest.nextUpdate, now > end { throw .revocationListExpired }
  }
}

/// Who logged in.
package struct LoginIdentity: Sendable, Equatable {
  package var certificate: Certificate
  /// ``ChainVerdict/trusted(path:)``.
  package var chain: ChainVerdict

  /// 证书所有者, not escaped.
  package var owner: String { certificate.owner }
  /// 统一社会信用代码 and the field it came from.
  package var uscc: USCCFinding? { certificate.uscc }

  package init(certificate: Certificate, chain: ChainVerdict) {
    self.certificate = certificate
    self.chain = chain
  }
}
