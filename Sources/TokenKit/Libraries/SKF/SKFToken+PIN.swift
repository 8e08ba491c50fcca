internal import Failures

extension SKFToken: PINToken {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      guard try calls.has(.verifyPIN) else { return .noProfile }
      return .supported(profile: "SKF", provenance: "GM/T 0016-2012 · " + calls.caller.library.name, .gmt)
    }
  }

  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try withTarget(body)
  }

  /// One session; on what a challenge holds open, where one does.
  func withTarget<Value>(_ body: (SKFPINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try calls.caller.session { () throws(Failure) in
      // What another run of the library's process had open is gone with it.
      if kept?.run != calls.caller.run { kept = nil }
      let target = SKFPINTarget(calls: calls, device: device, kept: kept)
      defer { kept = target.kept }
      return try body(target)
    }
  }
}
