internal import Failures

extension P11Token: PINToken {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      let info = try calls.tokenInfo(slot)
      var policy = info.policy
      if info.hasPINPad { policy.padLimit = padLimit }
      return .supported(profile: "PKCS#11", provenance: "PKCS#11 · " + calls.caller.library.name, policy)
    }
  }

  /// The longest that a PIN pad is waited for.
  var padLimit: Duration { calls.caller.library.limit ?? LibraryHost.Limits().acting }

  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try calls.caller.session { () throws(Failure) in try body(P11PINTarget(self, try calls.tokenInfo(slot))) }
  }
}

/// A login counts for all sessions of the process (PKCS#11 v2.40 §2.6.4).
extension P11Token: HidingToken {
  func readHidden(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> LoggedInReading {
    var reading: LoggedInReading?
    let outcome = outcome { target in
      target.carryOut(
        .verify, reference, consent, rule: { $0.refusal(current: pin) },
        send: {
          let outcome = target.verify(reference.role, pin)
          guard outcome == .verified else { return outcome }
          do throws(Failure) {
            reading = .read(try snapshot())
          } catch {
            reading = .pin(.refused(error))
          }
          return outcome
        })
    }
    return reading ?? .pin(outcome)
  }
}
