internal import Failures

/// What the answer of a PKCS#11 function with a PIN means.
enum P11Judgement {
  /// - Parameters:
  ///   - before: the flags of the PIN before it.
  ///   - now: asks for the flags of the PIN after it; only called when it failed.
  static func outcome(
    of reply: HostReply, _ function: P11Function, before: PINStatus?, now: () -> PINStatus?, success: PINOutcome,
    uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    guard let failure = P11Calls.failure(reply, function) else { return success }
    guard reply.kind == .returned else { return .notSent(.failure(failure)) }
    let now = now()
    switch reply.code {
    case CKR.pinLocked: return .locked
    case CKR.pinIncorrect: return now?.isLocked == true ? .locked : .wrong(triesLeft: now?.triesLeft)
    default:
      if now?.isLocked == true { return .locked }
      // Whatever number it gave: since then the token says that a wrong one was entered.
      if before?.isUncounted == true, now?.isUncounted == false { return .wrong(triesLeft: now?.triesLeft) }
      return CKR.beforeComparing.contains(reply.code) ? .refused(failure) : .unknown(uncertain, failure)
    }
  }
}
