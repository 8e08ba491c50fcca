internal import Failures
internal import SmartCard

/// Each is one transaction that ends within the time limit of PIN operations.
extension CardToken {
  func unlockChallenge(_ reference: PINReference) throws(Failure) -> UnlockChallenge {
    let card = try timedTransaction()
    var driver = try recognise(card)
    guard try driver.policy(.answer, .admin) != nil else {
      throw Failure(.unlockNotRemote, causes: [Failure(.pinProfile)])
    }
    if let shown = reference.keySerial {
      let serial = try driver.serial(card)
      if serial != shown { throw Failure(.keyChanged, context: serial.map { displaySafe($0) }) }
    }
    return try driver.open(card, reference).challenge(card)
  }

  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent
  ) -> PINOutcome {
    do throws(Failure) {
      let target = try CardPINTarget(self)
      return target.carryOut(
        .answer, reference, consent, rule: { _ in nil }, send: { target.answer(payload, to: challenge) })
    } catch {
      return .notSent(.failure(error))
    }
  }

  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent,
    from temporary: borrowing PIN, to own: borrowing PIN
  ) -> UnlockOutcome {
    do throws(Failure) {
      let target = try CardPINTarget(self)
      var change: PINOutcome?
      let unlock = target.carryOut(
        .answer, reference, consent,
        rule: {
          $0.refusal(current: temporary) ?? $0.refusal(new: own) ?? (PIN.isEqual(temporary, own) ? .sameAsOld : nil)
        },
        send: {
          let outcome = target.answer(payload, to: challenge)
          if outcome == .unblocked { change = target.replaceTemporary(temporary, by: own) }
          return outcome
        })
      return UnlockOutcome(unlock: unlock, change: change)
    } catch {
      return UnlockOutcome(unlock: .notSent(.failure(error)))
    }
  }
}
