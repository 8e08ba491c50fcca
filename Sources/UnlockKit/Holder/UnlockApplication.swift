package import Failures
package import TokenKit

extension CheckedResponse {
  /// Sends it to the key, once, after entering it among the used ones.
  ///
  /// - Parameter consent: agrees to few tries of the administrator PIN: an answer that does not fit costs one.
  /// - Throws: `UK-513` when another program was faster, `UK-611` when its use cannot be recorded: nothing was sent.
  package func apply(
    to token: any Token, directory: StateDirectory, consent: TryConsent
  ) throws(Failure) -> PINOutcome {
    let applied = AppliedResponses(directory)
    try applied.enter(digest)
    let outcome = token.applyUnlock(
      response.payload, to: response.challenge, keySerial: response.keySerial, consent: consent)
    if case .notSent = outcome { applied.takeBack(digest) }
    return outcome
  }
}
