package import LoginToken
internal import TokenKit

/// Who asks: one origin through one adapter. Sessions and grants are kept by it, not by connection, since pages of these
/// protocols open a connection for each call.
package struct Caller: Sendable, Hashable {
  package var origin: WebOrigin
  package var adapter: String
  /// The page that the service itself serves: it proves the service, nobody need allow it.
  package var isOwnPage: Bool

  package init(origin: WebOrigin, adapter: String, isOwnPage: Bool = false) {
    self.origin = origin
    self.adapter = adapter
    self.isOwnPage = isOwnPage
  }
}

/// What is remembered of a caller between its calls.
struct Session: Sendable {
  /// ``HolderCertificate/id``.
  var chosen: String?
  var lastRefusal: Refusal?
  var lease: SessionLease?
  /// Seconds of the monotonic clock at the last call.
  var used: Int64 = 0
}

/// A PIN kept after a page's login, for one signature within ``seconds``.
struct SessionLease: Sendable {
  /// Long enough for a page to ask its server for the challenge.
  static let seconds: Int64 = 120

  var certificate: HolderCertificate
  var lease: any PINLease
  var consent: TryConsent
  var until: Int64
}
