package import Failures

/// A one-time random of a key, and what the desk must know beside the administrator PIN to answer it.
///
/// It lives in the key's volatile memory: taking the key out, a reset, loss of power or any other use of a PIN or of
/// random numbers ends it.
package struct UnlockChallenge: Sendable, Hashable {
  /// Name of the profile that says how the answer is formed.
  package var profile: String
  /// For the eye, as documents hold it; the key is asked by the name in its own bytes, and ``applicationID`` tells
  /// whether that is the same application.
  package var application: String
  /// As OpenApplication returned it: two bytes, opaque, part of what the MAC covers.
  package var applicationID: [UInt8]
  /// Eight bytes of GenRandom.
  package var random: [UInt8]

  package init(profile: String, application: String, applicationID: [UInt8], random: [UInt8]) {
    self.profile = profile
    self.application = application
    self.applicationID = applicationID
    self.random = random
  }
}

/// The answer to a challenge: cipher text and MAC only, made where the administrator PIN is, sent to the key where it
/// is not.
package struct UnlockPayload: Sendable, Hashable {
  /// The block of VerifyPIN for the administrator PIN, 16 bytes, where the profile wants a login before UnblockPIN.
  package var authentication: [UInt8]?
  /// The data field of UnblockPIN: AppID, encrypted new PIN, MAC (22 or 38 bytes).
  package var data: [UInt8]

  package init(authentication: [UInt8]?, data: [UInt8]) {
    self.authentication = authentication
    self.data = data
  }
}

/// What became of unlocking, and of the change of the temporary PIN; `nil` when it did not get so far.
package struct UnlockOutcome: Sendable, Equatable {
  package var unlock: PINOutcome
  package var change: PINOutcome?

  package init(unlock: PINOutcome, change: PINOutcome? = nil) {
    self.unlock = unlock
    self.change = change
  }
}

extension Token {
  /// Keys that cannot be unlocked by an answer from afar: PIV, vendor libraries.
  package func unlockChallenge(_ reference: PINReference) throws(Failure) -> UnlockChallenge {
    throw Failure(.unlockNotRemote)
  }

  package func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent
  ) -> PINOutcome { .notSent(.failure(Failure(.unlockNotRemote))) }

  package func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent,
    from temporary: borrowing PIN, to own: borrowing PIN
  ) -> UnlockOutcome { UnlockOutcome(unlock: .notSent(.failure(Failure(.unlockNotRemote)))) }
}
