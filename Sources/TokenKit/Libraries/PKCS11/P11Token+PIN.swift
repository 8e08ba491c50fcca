internal import Base
internal import CertificateKit
internal import Failures

/// The operations with a PIN. Where the token has a PIN pad (protected authentication path), nothing typed here is sent:
/// the module asks for the PIN there.
extension P11Token {
  func pinSupport() throws(Failure) -> PINSupport {
    try calls.caller.session { () throws(Failure) in
      .supported(
        profile: "PKCS#11", provenance: "PKCS#11 · " + calls.caller.library.name, try calls.tokenInfo(slot).policy)
    }
  }

  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus {
    try calls.caller.session { () throws(Failure) in try calls.tokenInfo(slot).status(reference.role) }
  }

  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome {
    let count = pin.count
    let rule = PINPolicy(minimum: 0, maximum: PIN.capacity).refusal(current: pin)
    return pin.withBytes { bytes in
      operate(reference, consent, write: reference.role == .admin) { info, session in
        if let refusal = Self.refusal(info, rule, count) { return .notSent(.rule(refusal)) }
        return login(session, reference.role, info.hasPINPad ? [] : [bytes])
      }
    }
  }

  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    let any = PINPolicy(minimum: 0, maximum: PIN.capacity)
    let rule = any.refusal(current: old) ?? any.refusal(new: new) ?? (PIN.isEqual(old, new) ? .sameAsOld : nil)
    let newCount = new.count
    let oldCount = old.count
    return old.withBytes { from in
      new.withBytes { to in
        operate(reference, consent, write: true) { info, session in
          if let refusal = Self.refusal(info, rule, oldCount) { return .notSent(.rule(refusal)) }
          if !info.hasPINPad, newCount < info.policy.minimum {
            return .notSent(.rule(.tooShort(minimum: info.policy.minimum)))
          }
          if !info.hasPINPad, newCount > info.policy.maximum {
            return .notSent(.rule(.tooLong(maximum: info.policy.maximum)))
          }
          // Without a login C_SetPIN changes the user's PIN (§5.6.2), so the old one is sent once. The security officer's
          // needs a login before.
          if reference.role == .admin {
            let outcome = login(session, .admin, info.hasPINPad ? [] : [from])
            guard outcome == .verified else { return outcome }
          }
          return send(
            .setPIN, session, 0, info.hasPINPad ? [] : [from, to], reference.role, success: .changed, uncertain: .change
          )
        }
      }
    }
  }

  func unblockPIN(
    application: String, keySerial: String?, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    let reference = PINReference(application: application, role: .admin, keySerial: keySerial)
    let any = PINPolicy(minimum: 0, maximum: PIN.capacity)
    let rule = any.refusal(current: admin) ?? any.refusal(new: new)
    let newCount = new.count
    let adminCount = admin.count
    return admin.withBytes { from in
      new.withBytes { to in
        operate(reference, consent, write: true) { info, session in
          if let refusal = Self.refusal(info, rule, adminCount) { return .notSent(.rule(refusal)) }
          if !info.hasPINPad, newCount < info.policy.minimum {
            return .notSent(.rule(.tooShort(minimum: info.policy.minimum)))
          }
          if !info.hasPINPad, newCount > info.policy.maximum {
            return .notSent(.rule(.tooLong(maximum: info.policy.maximum)))
          }
          let outcome = login(session, .admin, info.hasPINPad ? [] : [from])
          guard outcome == .verified else { return outcome }
          let result = send(
            .initPIN, session, 0, info.hasPINPad ? [] : [to], .admin, success: .unblocked, uncertain: .unblock)
          // The officer is in: what fails now is not about that PIN.
          if case .wrong = result { return .refused(Failure(.pinRefused, function: P11Function.initPIN.symbol)) }
          return result
        }
      }
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent) -> SignOutcome {
    let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
    let rule = PINPolicy(minimum: 0, maximum: PIN.capacity).refusal(current: pin)
    let count = pin.count
    var signed: SignOutcome?
    let outcome = pin.withBytes { bytes in
      operate(reference, consent, write: false) { info, session in
        if let refusal = Self.refusal(info, rule, count) { return .notSent(.rule(refusal)) }
        let secrets = info.hasPINPad ? [] : [bytes]
        let outcome = login(session, .user, secrets)
        guard outcome == .verified else { return outcome }
        do throws(Failure) {
          signed = .signed(try signature(session, message, key, secrets))
        } catch {
          signed = .pin(.refused(error))
        }
        return outcome
      }
    }
    return signed ?? .pin(outcome)
  }

  /// Rules that concern a PIN typed here; on a PIN pad there is none.
  private static func refusal(_ info: P11TokenInfo, _ rule: PINRule?, _ count: Int) -> PINRule? {
    if info.hasPINPad { return nil }
    return rule ?? (count > info.policy.maximum ? .tooLong(maximum: info.policy.maximum) : nil)
  }

  /// Opens a session on the same key as shown, looks at the flags that tell of tries, runs the operation, logs out.
  private func operate(
    _ reference: PINReference, _ consent: TryConsent, write: Bool,
    _ body: (P11TokenInfo, UInt64) -> PINOutcome
  ) -> PINOutcome {
    do throws(Failure) {
      return try calls.caller.session { () throws(Failure) in
        let info = try calls.tokenInfo(slot)
        if let serial = reference.keySerial, info.serial != serial { return .notSent(.otherKey) }
        let status = info.status(reference.role)
        if status.isLocked { return .locked }
        // A token that never counts aloud is used as it is; one that says "few left" needs the consent for few.
        if consent < status.consentNeeded { return .notSent(.tries(status.triesLeft)) }
        let session = try calls.openSession(slot, write: write)
        defer { calls.closeSession(session) }
        let outcome = body(info, session)
        // Fails when nobody is logged in; closing the last session logs out too (§5.6.5). What fails both ways is ended.
        if (try? calls.call(.logout, handle: session)) == nil, outcome == .verified || outcome == .unblocked {
          calls.caller.discard()
        }
        return outcome
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  private func login(
    _ session: UInt64, _ role: PINReference.Role, _ secrets: [UnsafeRawBufferPointer]
  ) -> PINOutcome {
    send(
      .login, session, role == .user ? CK.user : CK.securityOfficer, secrets, role, success: .verified,
      uncertain: .verify)
  }

  private func send(
    _ function: P11Function, _ session: UInt64, _ number: UInt64, _ secrets: [UnsafeRawBufferPointer],
    _ role: PINReference.Role, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    let request = HostRequest(function.rawValue, handle: session, number: number)
    switch calls.caller.exchange(request, secrets: secrets, name: function.symbol, takesTime: true) {
    case .failed(let failure, hadLeft: false): return .notSent(.failure(failure))
    case .failed(let failure, hadLeft: true): return .unknown(uncertain, failure)
    case .reply(let reply):
      guard let failure = P11Calls.failure(reply, function) else { return success }
      guard reply.kind == .returned else { return .notSent(.failure(failure)) }
      let now = try? calls.tokenInfo(slot).status(role)
      switch reply.code {
      case CKR.pinLocked: return .locked
      case CKR.pinIncorrect: return now?.isLocked == true ? .locked : .wrong(triesLeft: now?.triesLeft)
      default:
        if now?.isLocked == true { return .locked }
        return CKR.beforeComparing.contains(reply.code) ? .refused(failure) : .unknown(uncertain, failure)
      }
    }
  }

  /// Signs with the private key that has the CKA_ID of this certificate, and checks the result with it.
  private func signature(
    _ session: UInt64, _ message: [UInt8], _ key: SigningKey, _ secrets: [UnsafeRawBufferPointer]
  ) throws(Failure) -> [UInt8] {
    guard let entry = try entries(session).first(where: { $0.certificate.value?.der == key.certificate.der }) else {
      throw Failure(.keyChanged, function: P11Function.findObjects.symbol)
    }
    var found: UInt64?
    for object in try calls.objects(session, CK.classPrivateKey)
    where try calls.attribute(session, object, CK.attributeID) == entry.id {
      found = object
      break
    }
    guard let object = found else {
      throw Failure(.containerMissing, function: P11Function.findObjects.symbol, context: hexText(entry.id))
    }
    let asksAgain = (try? calls.attribute(session, object, CK.attributeAlwaysAuthenticate)) == [1]
    let offered = try calls.mechanisms(slot)
    var last = Failure(.notSupported, function: P11Function.sign.symbol, context: key.certificate.signatureAlgorithm)
    for form in try Self.forms(message, key.certificate.publicKey) where offered.contains(form.mechanism) {
      var handle: [UInt8] = []
      handle.append(littleEndian: object)
      do throws(Failure) {
        _ = try calls.call(.signInit, handle: session, number: form.mechanism, data: handle)
        // The PIN that has just been accepted, once more for this signature (CKA_ALWAYS_AUTHENTICATE).
        if asksAgain {
          let outcome = send(
            .login, session, CK.contextSpecific, secrets, .user, success: .verified, uncertain: .verify)
          guard outcome == .verified else { throw Failure(.libraryRefused, function: P11Function.login.symbol) }
        }
        let raw = try calls.call(.sign, handle: session, data: form.input).data
        let signature = form.isRS ? try Signature.der(fromRS: raw) : raw
        try key.certificate.verify(signature, of: message)
        return signature
      } catch {
        guard error.concernsItemOnly || error.code == .signatureInvalid, !asksAgain else { throw error }
        last = error
      }
    }
    throw last
  }

  private struct Form {
    var mechanism: UInt64
    var input: [UInt8]
    /// The answer is r ‖ s.
    var isRS = false
  }

  /// What a mechanism takes. PKCS#11 v2.40 has none for SM2.
  private static func forms(_ message: [UInt8], _ key: PublicKey) throws(Failure) -> [Form] {
    switch key {
    case .rsa:
      let inputs = try Signature.rsaInputs(for: message)
      return [Form(mechanism: CK.sha256RSAPKCS, input: message)]
        + inputs.prefix(1).map { Form(mechanism: CK.rsaPKCS, input: $0) }
    case .ec(_, let bits):
      return [Form(mechanism: CK.ecdsa, input: try Signature.digest(of: message, bits: bits), isRS: true)]
    case .sm2, .other: return []
    }
  }
}
