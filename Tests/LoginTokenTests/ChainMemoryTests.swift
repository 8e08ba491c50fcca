import CertificateKit
import SoftToken
import Testing

@testable import LoginToken

/// What is remembered of a certificate never says more than looking at it anew would.
@Suite struct ChainMemoryTests {
  /// Ends after its CA does, so that both ends are met.
  private func site(_ kind: TestKeyKind = .sm2) throws -> Site { try Site(kind, to: 9000) }

  private func refusal(_ site: Site, _ certificate: Certificate? = nil, now: Int64 = Site.now) -> String? {
    site.refusal { () throws(LoginRefusal) in try site.policy.admit(certificate ?? site.holder, now: now) }
  }

  /// The same without a memory.
  private func fresh(_ site: Site) -> Site {
    var site = site
    site.policy.trust = site.policy.trust
    return site
  }

  @Test(arguments: TestKeyKind.allCases) func certificateComesAgain(_ kind: TestKeyKind) throws {
    let site = try site(kind)
    let first = try site.policy.admit(site.holder, now: Site.now)
    #expect(site.policy.memory.count == 1)
    #expect(try site.policy.admit(site.holder, now: Site.now + 1) == first)
    // And a token of it, whose signature is computed each time.
    for isRight in [true, false] {
      let challenge = try site.challenge()
      var token = try site.token(challenge.nonce)
      if !isRight { token = try site.token(try site.challenge().nonce) }
      let refusal = site.refusal { () throws(LoginRefusal) in
        try site.verifier.verify(token, nonce: challenge.nonce, origin: site.origin, now: Site.now)
      }
      #expect(refusal == (isRight ? nil : "signature-wrong"))
    }
    #expect(site.policy.memory.count == 1)
  }

  /// At each moment at which something begins or ends the answer is that of a policy that remembers nothing.
  @Test func validityIsLookedAtEachTime() throws {
    let site = try site()
    let authority = try Certificate(der: site.ca.certificate)
    #expect(refusal(site) == nil)
    var seen: Set<String?> = []
    for moment in [site.holder.validity.notBefore, site.holder.validity.notAfter, authority.validity.notAfter] {
      for now in [moment - 1, moment, moment + 1] {
        let answer = refusal(site, now: now)
        #expect(answer == refusal(fresh(site), now: now))
        seen.insert(answer)
      }
    }
    #expect(seen == [nil, "certificate-not-yet-valid", "certificate-expired", "untrusted"])
    #expect(refusal(site) == nil)
  }

  @Test func authorityIsTakenAway() throws {
    var site = try site()
    #expect(refusal(site) == nil)
    let trust = site.policy.trust
    site.policy.trust = try Site(.sm2).policy.trust
    #expect(refusal(site) == "untrusted" && site.policy.memory.count == 0)
    site.policy.trust = TrustDirectory(certificates: [])
    #expect(refusal(site) == "untrusted")
    site.policy.trust = trust
    #expect(refusal(site) == nil)
  }

  @Test func revokedMeanwhile() throws {
    var site = try site()
    #expect(refusal(site) == nil)
    try site.policy.addRevocationList(try RevocationListMaker.make(site, revoked: [site.holder.serial]))
    #expect(refusal(site) == "revoked" && site.policy.memory.count == 1)
  }

  /// The rules of the site are asked each time too.
  @Test func rulesChange() throws {
    var site = try site()
    #expect(refusal(site) == nil)
    site.policy.needsRevocationList = true
    #expect(refusal(site) == "revocation-list-missing")
  }

  /// Every certificate that differs in one bit is another one: of those that are still certificates none is trusted.
  @Test func changedCertificateIsAnother() throws {
    let site = try site()
    #expect(refusal(site) == nil)
    var count = 0
    for place in stride(from: 4, to: site.holder.der.count, by: 7) {
      var der = site.holder.der
      der[place] ^= 1
      guard let changed = try? Certificate(der: der), changed.der == der else { continue }
      count += 1
      #expect(refusal(site, changed) != nil, "\(place)")
    }
    #expect(count > 20 && site.policy.memory.count == 1)
  }

  @Test func strangersAreNotRemembered() throws {
    let (site, stranger) = (try site(), try Site(.sm2))
    for _ in 0..<2 { #expect(refusal(site, stranger.holder) == "untrusted") }
    #expect(site.policy.memory.count == 0)
    // Nor what holds only by a link that came along.
    _ = try site.policy.admit(site.holder, links: [stranger.holder], now: Site.now)
    #expect(site.policy.memory.count == 0)
  }

  @Test func keepsSoManyAndNoMore() throws {
    let site = try site()
    let memory = ChainMemory(site.policy.trust, limit: 3)
    let names = ["甲", "乙", "丙", "丁", "戊"]
    let holders = try names.map { name in
      try Certificate(
        der: site.ca.issue(
          .organization(
            name: name, uscc: Site.code, notBefore: Site.now - Site.day, notAfter: Site.now + Site.day)
        ).certificate)
    }
    var counts: [Int] = []
    for holder in holders {
      #expect(memory.verify(try memory.open(holder), at: Site.now).isTrusted)
      counts.append(memory.count)
    }
    #expect(counts == [1, 2, 3, 1, 2])
  }
}
