package import Failures
package import TokenKit

extension CheckedResponse {
  /// Sends it to the key, once, after entering it among the used ones, and in the same transaction changes the temporary
  /// PIN to the holder's own.
  ///
  /// - Parameters:
  ///   - reference: the administrator PIN of the application and key that it is for.
  ///   - consent: agrees to few tries of that PIN: an answer that does not fit costs one.
  ///   - told: the temporary PIN where the answer does not tell it (format 1).
  ///   - own: the PIN that the holder wants.
  /// - Throws: `UK-513` when another program was faster, `UK-611` when its use cannot be recorded: nothing was sent.
  package borrowing func apply(
    to token: any Token, _ reference: PINReference, directory: StateDirectory, consent: TryConsent,
    told: borrowing PIN, own: borrowing PIN
  ) throws(Failure) -> UnlockOutcome {
    let applied = AppliedResponses(directory)
    try applied.enter(digest)
    let outcome =
      tellsPIN
      ? token.applyUnlock(payload, to: challenge, reference, consent: consent, from: temporary, to: own)
      : token.applyUnlock(payload, to: challenge, reference, consent: consent, from: told, to: own)
    if case .notSent = outcome.unlock { applied.takeBack(digest) }
    settle(outcome.change, directory)
    return outcome
  }

  /// Changes the temporary PIN of an answer that was sent before, where that was cut off.
  package borrowing func finish(
    _ token: any Token, _ user: PINReference, directory: StateDirectory, consent: TryConsent, own: borrowing PIN
  ) -> PINOutcome {
    let outcome = token.changePIN(user, from: temporary, to: own, consent: consent)
    settle(outcome, directory)
    return outcome
  }

  /// The request waits, and with it the key that opens the answer, until the PIN is the holder's own.
  private borrowing func settle(_ change: PINOutcome?, _ directory: StateDirectory) {
    if change == .changed { WaitingRequests(directory).forget(request) }
  }
}
