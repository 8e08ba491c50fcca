internal import Failures
internal import SmartCard

/// Unlocking from afar.
extension GMCommands {
  func challenge(_ card: borrowing CardTransaction) throws(Failure) -> UnlockChallenge {
    try application.close(card)
    // Last of all, so that nothing of ours comes between it and the answer.
    let random = try Self.random(card)
    return UnlockChallenge(
      profile: profile, application: TokenName(application.name).text, applicationID: application.id, random: random)
  }

  /// VerifyPIN for the administrator where the profile wants it, then UnblockPIN. The random is not asked for again; that
  /// would end it.
  func answer(
    _ card: borrowing CardTransaction, _ payload: UnlockPayload, to challenge: UnlockChallenge
  ) -> PINOutcome {
    guard application.id == challenge.applicationID else {
      return .notSent(.failure(Failure(.challengeGone, context: "AppID")))
    }
    guard form.loginBeforeUnblock == (payload.authentication != nil) else {
      return .notSent(.failure(Failure(.unlockFileMalformed, context: "payload.authentication")))
    }
    let before: PINStatus?
    do throws(Failure) {
      before = try status(card, .admin).value
    } catch {
      return .notSent(.failure(error))
    }
    if let block = payload.authentication {
      let outcome = verify(card, .admin, block, before)
      guard outcome == .verified else { return Self.naming(outcome) }
    }
    let header = Self.unblockHeader
    return Self.naming(
      send(
        card, CommandAPDU(cla: header[0], ins: header[1], p1: header[2], p2: header[3], data: payload.data),
        name: "UnblockPIN", .admin, before: before, success: .unblocked, uncertain: .unblock))
  }

  /// The referenced data are the random, which the key has no more.
  private static func naming(_ outcome: PINOutcome) -> PINOutcome {
    guard case .refused(let failure) = outcome,
      failure.number == .statusWord(StatusWord.referenceDataNotUsable.rawValue)
    else { return outcome }
    return .refused(Failure(.challengeGone, function: failure.function, number: failure.number))
  }
}
