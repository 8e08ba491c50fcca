internal import Failures

/// A key that can be unlocked by an answer made elsewhere, for one operation.
protocol RemoteUnlockTarget: PINTarget {
  /// Sends the answer, once. The challenge is not asked for again: that would end it.
  func answer(_ payload: UnlockPayload, to challenge: UnlockChallenge) -> PINOutcome
  /// After an answer has set the temporary PIN: the holder's own in its place, with nobody in between.
  func replaceTemporary(_ temporary: borrowing PIN, by own: borrowing PIN) -> PINOutcome
}

/// The order of applying an answer, the same for cards and libraries.
protocol RemoteUnlockToken: Token {
  func withUnlockTarget<Value>(_ body: (any RemoteUnlockTarget) throws(Failure) -> Value) throws(Failure) -> Value
}

extension RemoteUnlockToken {
  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent
  ) -> PINOutcome {
    do throws(Failure) {
      return try withUnlockTarget { target throws(Failure) in
        target.carryOut(
          .answer, reference, consent, rule: { _ in nil }, send: { target.answer(payload, to: challenge) })
      }
    } catch {
      return .notSent(.failure(error))
    }
  }

  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, _ reference: PINReference, consent: TryConsent,
    from temporary: borrowing PIN, to own: borrowing PIN
  ) -> UnlockOutcome {
    do throws(Failure) {
      return try withUnlockTarget { target throws(Failure) in
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
      }
    } catch {
      return UnlockOutcome(unlock: .notSent(.failure(error)))
    }
  }
}
