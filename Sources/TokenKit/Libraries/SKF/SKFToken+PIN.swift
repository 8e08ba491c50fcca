internal import CertificateKit
internal import Failures

/// The operations with a PIN. Each sends a PIN once, after the tries were read; nothing is ever sent again.
extension SKFToken {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      guard try calls.has(.verifyPIN) else { return .noProfile }
      return .supported(profile: "SKF", provenance: "GM/T 0016-2012 · " + calls.caller.library.name, .gmt)
    }
  }

  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus {
    try calls.caller.session { () throws(Failure) in
      try withApplication(reference.application, keySerial: nil) { (application) throws(Failure) in
        try calls.pinStatus(application, reference.role)
      } ?? PINStatus(triesMax: nil, triesLeft: nil, isLocked: false, isDefault: nil)
    }
  }

  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome {
    if let rule = PINPolicy.gmt.refusal(current: pin) { return .notSent(.rule(rule)) }
    return pin.withBytes { bytes in
      operate(reference, consent, .verifyPIN, [bytes], success: .verified, uncertain: .verify)
    }
  }

  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    let policy = PINPolicy.gmt
    let rule = policy.refusal(current: old) ?? policy.refusal(new: new) ?? (PIN.isEqual(old, new) ? .sameAsOld : nil)
    if let rule { return .notSent(.rule(rule)) }
    return old.withBytes { from in
      new.withBytes { to in
        operate(reference, consent, .changePIN, [from, to], success: .changed, uncertain: .change)
      }
    }
  }

  func unblockPIN(
    application: String, keySerial: String?, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    if let rule = PINPolicy.gmt.refusal(current: admin) ?? PINPolicy.gmt.refusal(new: new) {
      return .notSent(.rule(rule))
    }
    let reference = PINReference(application: application, role: .admin, keySerial: keySerial)
    return admin.withBytes { from in
      new.withBytes { to in
        operate(reference, consent, .unblockPIN, [from, to], success: .unblocked, uncertain: .unblock)
      }
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent) -> SignOutcome {
    if let rule = PINPolicy.gmt.refusal(current: pin) { return .pin(.notSent(.rule(rule))) }
    let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
    var signed: SignOutcome?
    let outcome = pin.withBytes { bytes in
      operate(reference, consent, .verifyPIN, [bytes], success: .verified, uncertain: .verify) { application in
        do throws(Failure) {
          signed = .signed(try signature(application, message, key))
        } catch {
          signed = .pin(.refused(error))
        }
      }
    }
    return signed ?? .pin(outcome)
  }

  /// Opens, looks at the tries, calls the one function that carries the PIN, judges what came of it, and clears the
  /// secure state: closing an application or disconnecting does not (GM/T 0016 §7.1.6, §7.3.6).
  private func operate(
    _ reference: PINReference, _ consent: TryConsent, _ function: SKFFunction, _ secrets: [UnsafeRawBufferPointer],
    success: PINOutcome, uncertain: PINOutcome.Uncertain, whileLoggedIn: (SKFCalls.Handle) -> Void = { _ in }
  ) -> PINOutcome {
    do throws(Failure) {
      return try calls.caller.session { () throws(Failure) in
        guard try calls.has(function) else { return .notSent(.noProfile) }
        let outcome = try withApplication(reference.application, keySerial: reference.keySerial) {
          (application) throws(Failure) -> PINOutcome in
          let before = try triesBefore(application, reference.role)
          if before?.isLocked == true { return .locked }
          if consent < .needed(triesLeft: before?.triesLeft) { return .notSent(.tries(before?.triesLeft)) }
          let request = HostRequest(function.rawValue, handle: application, number: reference.role.skfType)
          let outcome: PINOutcome
          switch calls.caller.exchange(request, secrets: secrets, name: function.symbol, takesTime: true) {
          case .failed(let failure, hadLeft: false): return .notSent(.failure(failure))
          case .failed(let failure, hadLeft: true): return .unknown(uncertain, failure)
          case .reply(let reply):
            outcome = judge(
              reply, application, reference.role, function, before: before?.triesLeft, success: success,
              uncertain: uncertain)
          }
          if outcome == .verified { whileLoggedIn(application) }
          if (try? calls.call(.clearSecureState, handle: application)) == nil { calls.caller.discard() }
          return outcome
        }
        return outcome ?? .notSent(.otherKey)
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  /// `nil` when the library cannot tell the tries; consent must then allow for few.
  private func triesBefore(
    _ application: SKFCalls.Handle, _ role: PINReference.Role
  ) throws(Failure) -> PINStatus? {
    do throws(Failure) {
      return try calls.pinStatus(application, role)
    } catch {
      guard error.concernsItemOnly else { throw error }
      return nil
    }
  }

  /// What the answer means. Some libraries number their errors otherwise, so the counter counts more than the code; what
  /// neither says is said to be unknown. The retry count given back is written only with a wrong PIN, if at all.
  private func judge(
    _ reply: HostReply, _ application: SKFCalls.Handle, _ role: PINReference.Role, _ function: SKFFunction,
    before: Int?, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    guard let failure = SKFCalls.failure(reply, function) else { return success }
    guard reply.kind == .returned else { return .notSent(.failure(failure)) }
    let code = UInt32(truncatingIfNeeded: reply.code)
    if code == SAR.pinLocked { return .locked }
    let now = try? calls.pinStatus(application, role)
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

  /// - Returns: `nil` when another key answers to the device's name by now.
  private func withApplication<Value>(
    _ application: String, keySerial: String?, _ body: (SKFCalls.Handle) throws(Failure) -> Value
  ) throws(Failure) -> Value? {
    let handle = try calls.connect(device)
    defer { calls.close(.disConnectDev, handle) }
    if let keySerial, try calls.info(handle).serial != keySerial { return nil }
    // The library wants the bytes that it gave; the screen had them decoded.
    guard let name = try calls.applications(handle).first(where: { decodedName($0) == application }) else {
      throw Failure(.applicationMissing, function: SKFFunction.openApplication.symbol, context: application)
    }
    let opened = try calls.open(.openApplication, handle, name)
    defer { calls.close(.closeApplication, opened) }
    return try body(opened)
  }

  /// Signs with the container that holds this certificate and checks the result with it.
  private func signature(
    _ application: SKFCalls.Handle, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    guard let name = try calls.containers(application).first(where: { decodedName($0) == key.container }) else {
      throw Failure(.containerMissing, function: SKFFunction.openContainer.symbol, context: key.container)
    }
    let container = try calls.open(.openContainer, application, name)
    defer { calls.close(.closeContainer, container) }
    let function: SKFFunction
    let inputs: [[UInt8]]
    switch key.certificate.publicKey {
    case .sm2:
      function = .eccSignData
      // 7.6.17 takes e. A library that hashes with Z once more gives the right signature over the message itself.
      inputs = [try key.certificate.sm2Digest(of: message), message]
    case .rsa:
      function = .rsaSignData
      inputs = try Signature.rsaInputs(for: message)
    case .ec, .other: throw Failure(.notSupported, function: "sign", context: key.certificate.signatureAlgorithm)
    }
    var last = Failure(.signatureInvalid, function: function.symbol)
    for input in inputs where input.count <= HostRequest.dataLimit {
      do throws(Failure) {
        let answer = try calls.call(function, handle: container, data: input).data
        let signature = function == .eccSignData ? try Self.der(eccBlob: answer) : answer
        try key.certificate.verify(signature, of: message)
        return signature
      } catch {
        guard error.concernsItemOnly || error.code == .signatureInvalid else { throw error }
        // What the first form met with is what to tell, unless the second form was signed and wrong.
        if last.number == nil || error.code == .signatureInvalid { last = error }
      }
    }
    throw last
  }

  /// ECCSIGNATUREBLOB: r and s, each right-aligned in 64 bytes.
  private static func der(eccBlob blob: [UInt8]) throws(Failure) -> [UInt8] {
    guard blob.count == 128, blob[..<32].allSatisfy({ $0 == 0 }), blob[64..<96].allSatisfy({ $0 == 0 }) else {
      throw Failure(.answerMalformed, function: SKFFunction.eccSignData.symbol, context: "\(blob.count)")
    }
    return try Signature.der(fromRS: Array(blob[32..<64] + blob[96..<128]))
  }
}
