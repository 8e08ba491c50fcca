internal import Failures

extension SKFToken: PINToken {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      guard try calls.has(.verifyPIN) else { return .noProfile }
      return .supported(profile: "SKF", provenance: "GM/T 0016-2012 · " + calls.caller.library.name, .gmt)
    }
  }

  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try calls.caller.session { () throws(Failure) in try body(SKFPINTarget(calls: calls, device: device)) }
  }
}
