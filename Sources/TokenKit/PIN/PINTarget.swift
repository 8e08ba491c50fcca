internal import Failures

/// What is wanted of a key with a PIN.
enum PINTask: Sendable {
  /// Only its state; no PIN is sent.
  case status
  case verify
  case change
  /// A new user PIN by the administrator PIN.
  case unblock
  /// A new user PIN by an answer made elsewhere.
  case answer
  case sign
}

/// Where a PIN goes: one key, for as long as one transaction with a card or one session with a library lasts.
///
/// Its members are the steps of ``carryOut(_:_:_:rule:send:)`` and only called by it, in the order in which they stand
/// here. None sends a PIN twice.
protocol PINTarget: AnyObject {
  /// What PINs the key takes for this. Nothing of the PIN has been looked at.
  ///
  /// - Returns: `nil` when no profile of the key has such a command.
  /// - Throws: what this kind of key lacks for it.
  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy?
  /// Serial of the key that is there now.
  func serial() throws(Failure) -> TokenName?
  /// The PIN is entered at the key or its reader: no rule concerns what was typed here, and nothing of it is sent.
  var hasPINPad: Bool { get }
  /// Opens what the PIN belongs to and reads its state, which costs no try.
  ///
  /// - Returns: `.failed` when the key cannot tell and may be used nevertheless, with the consent for few tries.
  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus>

  // One of these, once:
  func verify(_ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome
  func change(_ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN) -> PINOutcome
  func unblock(admin: borrowing PIN, new: borrowing PIN) -> PINOutcome

  /// The signature; `verify` has just accepted this PIN.
  func sign(_ message: [UInt8], _ key: SigningKey, _ pin: borrowing PIN) throws(Failure) -> [UInt8]
  /// Ends the login and closes what was opened, whatever that is; where the key will not forget by that, by stronger
  /// means. Always called, once.
  ///
  /// - Parameter outcome: `nil` when nothing was sent.
  func finish(after outcome: PINOutcome?)
}

extension PINTarget {
  var hasPINPad: Bool { false }

  /// The order of every operation with a PIN, for cards and for libraries: is it supported, is it the key that was shown,
  /// does the PIN keep the rules, do the tries left allow it under this consent; then it is sent, once; then the key is
  /// left logged out.
  func carryOut(
    _ task: PINTask, _ reference: PINReference, _ consent: TryConsent, rule: (PINPolicy) -> PINRule?,
    send: () -> PINOutcome
  ) -> PINOutcome {
    var refusal: PINOutcome?
    do throws(Failure) {
      refusal = try self.refusal(task, reference, consent, rule)
    } catch {
      refusal = .notSent(.failure(error))
    }
    let outcome = refusal ?? send()
    finish(after: refusal == nil ? outcome : nil)
    return outcome
  }

  /// Why nothing is sent; `nil` when all is open and allowed.
  private func refusal(
    _ task: PINTask, _ reference: PINReference, _ consent: TryConsent, _ rule: (PINPolicy) -> PINRule?
  ) throws(Failure) -> PINOutcome? {
    guard let policy = try policy(task, reference.role) else { return .notSent(.noProfile) }
    if let shown = reference.keySerial, try serial() != shown { return .notSent(.otherKey) }
    if !hasPINPad, let rule = rule(policy) { return .notSent(.rule(rule)) }
    return consent.refusal(try open(reference, task).value)
  }
}

/// A key whose operations with a PIN go by ``PINTarget``.
protocol PINToken: Token {
  /// Runs one operation with nobody in between.
  func withPINTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value
}

extension PINToken {
  func pinStatus(_ reference: PINReference) throws(Failure) -> PINStatus {
    try withPINTarget { target throws(Failure) in
      defer { target.finish(after: nil) }
      switch try target.open(reference, .status) {
      case .value(let status): return status
      case .failed(let failure): throw failure
      case .absent, .notOffered: throw Failure(.notSupported, function: "PIN status")
      }
    }
  }

  func verify(_ pin: borrowing PIN, _ reference: PINReference, consent: TryConsent) -> PINOutcome {
    outcome { target in
      target.carryOut(
        .verify, reference, consent, rule: { $0.refusal(current: pin) }, send: { target.verify(reference.role, pin) })
    }
  }

  func changePIN(
    _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    outcome { target in
      target.carryOut(
        .change, reference, consent,
        rule: { $0.refusal(current: old) ?? $0.refusal(new: new) ?? (PIN.isEqual(old, new) ? .sameAsOld : nil) },
        send: { target.change(reference.role, old: old, new: new) })
    }
  }

  func unblockPIN(
    _ reference: PINReference, admin: borrowing PIN, new: borrowing PIN, consent: TryConsent
  ) -> PINOutcome {
    outcome { target in
      target.carryOut(
        .unblock, reference, consent, rule: { $0.refusal(current: admin) ?? $0.refusal(new: new) },
        send: { target.unblock(admin: admin, new: new) })
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey, pin: borrowing PIN, consent: TryConsent) -> SignOutcome {
    let reference = PINReference(application: key.application, role: .user, keySerial: key.keySerial)
    var signed: SignOutcome?
    let outcome = outcome { target in
      target.carryOut(
        .sign, reference, consent, rule: { $0.refusal(current: pin) },
        send: {
          let outcome = target.verify(.user, pin)
          guard outcome == .verified else { return outcome }
          do throws(Failure) {
            signed = .signed(try target.sign(message, key, pin))
          } catch {
            signed = .pin(.refused(error))
          }
          return outcome
        })
    }
    return signed ?? .pin(outcome)
  }

  func outcome(_ body: (any PINTarget) -> PINOutcome) -> PINOutcome {
    do throws(Failure) {
      return try withPINTarget { target throws(Failure) in body(target) }
    } catch {
      return .notSent(.failure(error))
    }
  }
}
