package import Failures
package import TokenKit

extension CheckedResponse {
  /// Sends it to the key, once, after entering it among the used ones.
  ///
  /// - Parameters:
  ///   - reference: the administrator PIN of the application and key that it is for.
  ///   - consent: agrees to few tries of that PIN: an answer that does not fit costs one.
  /// - Throws: `UK-513` when another program was faster, `UK-611` when its use cannot be recorded: nothing was sent.
  package func apply(
    to token: any Token, _ reference: PINReference, directory: StateDirectory, consent: TryConsent
  ) throws(Failure) -> PINOutcome {
    let applied = AppliedResponses(directory)
    try applied.enter(digest)
    let outcome = token.applyUnlock(response.payload, to: response.challenge, reference, consent: consent)
    if case .notSent = outcome { applied.takeBack(digest) }
    return outcome
  }
}
