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
