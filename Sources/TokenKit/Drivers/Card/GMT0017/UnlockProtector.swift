package import Failures

/// The desk's side of unlocking from afar: holds the key of one administrator PIN and answers challenges with it.
///
/// Not copyable; its key material is wiped when it ends. Makes any number of answers without deriving the key again.
package struct UnlockProtector: ~Copyable {
  private let key: GMPINKey

  /// - Throws: `UK-403` when no key can have this administrator PIN, `UK-440`, `UK-901`.
  package init(admin: borrowing PIN) throws(Failure) {
    if let rule = PINPolicy.gmt.refusal(current: admin) { throw Failure(.pinRule, context: rule.name) }
    key = try GMPINKey(admin)
  }

  /// Whether answers can be made for a profile of this name.
  package static func supports(profile: String) -> Bool { GMProfile.named(profile)?.pin != nil }

  /// - Parameter new: the user PIN to be set.
  /// - Throws: `UK-506` for a profile that is not known, `UK-403` when the new PIN breaks a rule.
  package func payload(for challenge: UnlockChallenge, new: borrowing PIN) throws(Failure) -> UnlockPayload {
    guard let form = GMProfile.named(challenge.profile)?.pin else {
      throw Failure(.unlockNotRemote, context: displaySafe(challenge.profile))
    }
    if let rule = PINPolicy.gmt.refusal(new: new) { throw Failure(.pinRule, context: rule.name) }
    let authentication =
      form.loginBeforeUnblock
      ? try key.authentication(challenge: challenge.random, form.authentication) : nil
    return UnlockPayload(
      authentication: authentication,
      data: try key.protectedPIN(
        new: new, challenge: challenge.random, applicationID: challenge.applicationID,
        header: GMCommands.unblockHeader, form.newPIN))
  }
}
