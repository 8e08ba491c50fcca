import Base
import CertificateKit
import Failures
import KeyService
import LoginToken
import StrictJSON
import Synchronization

/// The site that the service plays for its own page: gives out nonces and verifies the tokens that come back, with the
/// same code that real sites use.
final class SelfLogin: Sendable {
  /// Pages that are between nonce and token.
  private static let limit = 64

  private let challenges = Challenges(MemoryChallengeStore())
  private let trust: TrustDirectory?
  /// Nonces by session, oldest first.
  private let sessions = Mutex<[(id: String, nonce: Nonce)]>([])

  init(trust: TrustDirectory?) { self.trust = trust }

  /// `HttpOnly` and `Strict`: no script and no other site has a use for it. It says which nonce was given to whom.
  static func cookie(_ session: String) -> String {
    "ukey_check=\(session); Path=/check/; Max-Age=\(Challenge.lifetime); HttpOnly; SameSite=Strict"
  }

  /// `nil` without randomness.
  func begin(_ origin: WebOrigin, now: Int64) -> ProvingPage.Reply? {
    guard let id = Nonce.random()?.text, let challenge = try? challenges.issue(for: origin, now: now) else {
      return nil
    }
    // Of a cookie's letters; base64 has others.
    let session = lowerHexText(Array(id.utf8.prefix(24)))
    sessions.withLock { sessions in
      sessions = sessions.suffix(Self.limit - 1) + [(session, challenge.nonce)]
    }
    return ProvingPage.Reply(json: .object([("nonce", .string(challenge.nonce.text))]), session: session)
  }

  /// Every link of the verification in its order, as `Docs/login-token.md` §4 has them.
  enum Link: String, CaseIterable {
    case format, challenge, origin, signature, usage, validity, chain, revocation, identity

    /// The one that a refusal is about.
    init(_ refusal: LoginRefusal) {
      self =
        switch refusal {
        case .malformed, .unknownFormat, .certificateMalformed, .algorithm: .format
        case .challengeUnknown, .challengeExpired, .contentDiffers, .storeUnavailable: .challenge
        case .originDiffers: .origin
        case .signatureWrong: .signature
        case .keyUsage: .usage
        case .certificateNotYetValid, .certificateExpired: .validity
        case .untrusted: .chain
        case .revoked, .revocationListMissing, .revocationListExpired: .revocation
        case .identityMissing: .identity
        }
    }
  }

  /// Verifies a token and uses its session's nonce up, whatever comes of it.
  func finish(_ body: [UInt8], session: String?, _ origin: WebOrigin, now: Int64) -> ProvingPage.Reply {
    let nonce = take(session)
    let token: LoginToken
    do throws(LoginRefusal) {
      token = try LoginToken(json: body)
      guard let nonce else { throw .challengeUnknown }
      let policy = LoginPolicy(trust: trust ?? TrustDirectory(certificates: []), needsUSCC: true)
      let verifier = LoginVerifier(challenges: challenges, policy: policy)
      do throws(LoginRefusal) {
        _ = try verifier.verify(token, nonce: nonce, origin: origin, now: now)
      } catch {
        // Without any CA certificate here the chain is not known to be wrong.
        guard case .untrusted = error, trust == nil else { throw error }
        guard token.certificate.uscc != nil else { throw .identityMissing }
      }
    } catch {
      return Self.reply(refused: error)
    }
    return Self.reply(refused: nil, owner: token.certificate.owner, isChainKnown: trust != nil)
  }

  /// What stands before the broken link holds; what stands behind it was not looked at.
  private static func reply(
    refused: LoginRefusal?, owner: String? = nil, isChainKnown: Bool = true
  ) -> ProvingPage.Reply {
    let broken = refused.map(Link.init)
    var isBroken = false
    let links = Link.allCases.map { link in
      var (state, reason): (String, String?) = isBroken ? ("unknown", nil) : ("ok", nil)
      if link == broken {
        (state, reason) = ("failed", refused?.name)
        isBroken = true
      } else if state == "ok", link == .chain, !isChainKnown {
        (state, reason) = ("unknown", "no-authorities")
      } else if state == "ok", link == .revocation {
        (state, reason) = ("unknown", "no-list")
      }
      return JSONValue.object([
        ("name", .string(link.rawValue)), ("state", .string(state)), ("reason", reason.map { .string($0) }),
      ])
    }
    return ProvingPage.Reply(
      json: .object([
        ("links", .array(links)), ("refusal", refused.map { .string($0.name) }), ("owner", owner.map { .string($0) }),
        ("chain", .bool(isChainKnown)),
      ]))
  }

  private func take(_ cookies: String?) -> Nonce? {
    guard let cookies else { return nil }
    let values = cookies.split(separator: ";").map { $0.drop { $0 == " " } }
    guard let value = values.first(where: { $0.hasPrefix("ukey_check=") })?.dropFirst(11) else { return nil }
    return sessions.withLock { sessions in
      guard let place = sessions.firstIndex(where: { $0.id == value }) else { return nil }
      return sessions.remove(at: place).nonce
    }
  }
}
