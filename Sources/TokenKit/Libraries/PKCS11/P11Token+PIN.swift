internal import Failures

extension P11Token: PINToken {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      .supported(
        profile: "PKCS#11", provenance: "PKCS#11 · " + calls.caller.library.name, try calls.tokenInfo(slot).policy)
    }
  }

  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try calls.caller.session { () throws(Failure) in try body(P11PINTarget(self, try calls.tokenInfo(slot))) }
  }
}
