internal import Failures

/// What the answer of an SKF function with a PIN means.
enum SKFJudgement {
  /// Some libraries number their errors otherwise, so the counter counts more than the code; what neither says is said to
  /// be unknown. The retry count given back is written only with a wrong PIN, if at all.
  ///
  /// - Parameters:
  ///   - before: tries left before the call; `nil` when the library did not tell.
  ///   - now: asks for the state after it; only called when that decides.
  static func outcome(
    of reply: HostReply, _ function: SKFFunction, before: Int?, now: () -> PINStatus?, success: PINOutcome,
    uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    guard let failure = SKFCalls.failure(reply, function) else { return success }
    guard reply.kind == .returned else { return .notSent(.failure(failure)) }
    let code = UInt32(truncatingIfNeeded: reply.code)
    if code == SAR.pinLocked { return .locked }
    let now = now()
    if now?.isLocked == true { return .locked }
    if let left = now?.triesLeft, let before, left < before { return .wrong(triesLeft: left) }
    if code == SAR.pinIncorrect {
      let told = Int(clamping: reply.number(0))
      return .wrong(triesLeft: now?.triesLeft ?? ((1...255).contains(told) ? told : nil))
    }
    // No try is gone and the code does not say wrong: the PIN was not compared, or it was right and the rest refused.
    if let left = now?.triesLeft, let before, left >= before { return .refused(failure) }
    return .unknown(uncertain, failure)
  }
}
