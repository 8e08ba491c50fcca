package import LoginToken
package import TokenKit

/// What the holder is asked when a page wants a permission. Texts in it are not escaped; whoever shows it does that.
package struct PermissionQuestion: Sendable, Equatable {
  package var origin: WebOrigin
  package var adapter: String
  package var permissions: Permissions

  package init(origin: WebOrigin, adapter: String, permissions: Permissions) {
    self.origin = origin
    self.adapter = adapter
    self.permissions = permissions
  }
}

/// What the holder is asked when a page wants something for which the key wants its PIN.
package struct PINQuestion: Sendable, Equatable {
  package enum Purpose: Sendable, Equatable {
    /// A login token for the page's own origin.
    case login
    /// The page logs in to the key; one signature may follow within the time.
    case session(seconds: Int)
    /// A signature over the page's own data.
    case signature(bytes: Int, preview: String)
  }

  package enum Previous: Sendable, Equatable {
    /// It was wrong and cost a try.
    case wrong
    /// It can be no PIN of this key and was not sent.
    case notSent(PINRule)
  }

  package var origin: WebOrigin
  package var purpose: Purpose
  package var certificate: HolderCertificate
  /// `nil` when the key does not say.
  package var triesLeft: Int?
  /// What it takes to try now; above `normal` the holder confirms in words first.
  package var consent: TryConsent
  /// What was typed a moment ago; `nil` in the first prompt.
  package var previous: Previous?

  package init(
    origin: WebOrigin, purpose: Purpose, certificate: HolderCertificate, triesLeft: Int?, consent: TryConsent,
    previous: Previous? = nil
  ) {
    self.origin = origin
    self.purpose = purpose
    self.certificate = certificate
    self.triesLeft = triesLeft
    self.consent = consent
    self.previous = previous
  }
}
