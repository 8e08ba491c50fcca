internal import Failures
internal import SmartCard

/// Each is one transaction that ends within the time limit of PIN operations.
extension CardToken {
  func unlockChallenge(application: String, keySerial: String?) throws(Failure) -> UnlockChallenge {
    let card = try timedTransaction()
    guard case .gmt0017(let device) = try recognise(card) else { throw Failure(.unlockNotRemote) }
    if let keySerial, device.serial != keySerial { throw Failure(.keyChanged, context: displaySafe(device.serial)) }
    guard let profile = profile(for: device, atr: card.atr), profile.pin != nil else {
      throw Failure(.unlockNotRemote, causes: [Failure(.pinProfile)])
    }
    let opened = try GMApplication.open(card, name: Array(application.utf8))
    try opened.close(card)
    // Last of all, so that nothing of ours comes between it and the answer.
    let random = try GMCommands.challenge(card)
    return UnlockChallenge(
      profile: profile.name, application: application, applicationID: opened.id, random: random)
  }

  func applyUnlock(
    _ payload: UnlockPayload, to challenge: UnlockChallenge, keySerial: String?, consent: TryConsent
  ) -> PINOutcome {
    do throws(Failure) {
      var card = try timedTransaction()
      let reference = PINReference(application: challenge.application, role: .admin, keySerial: keySerial)
      switch try prepare(card, reference, consent) {
      case .ended(let outcome): return outcome
      case .ready(let commands, _):
        guard let commands = commands as? GMCommands else {
          _ = commands.finish(card, loggedIn: false)
          return .notSent(.failure(Failure(.unlockNotRemote)))
        }
        guard commands.application.id == challenge.applicationID else {
          _ = commands.finish(card, loggedIn: false)
          return .notSent(.failure(Failure(.challengeGone, context: "AppID")))
        }
        let outcome = commands.unblock(card, payload)
        if !commands.finish(card, loggedIn: true) { card.resetAtEnd() }
        return outcome
      }
    } catch {
      return .notSent(.failure(error))
    }
  }
}

extension GMCommands {
  /// Sends an answer that was made elsewhere for this key's present random: VerifyPIN for the administrator where the
  /// profile wants it, then UnblockPIN. The random is not asked for again; that would end it.
  func unblock(_ card: borrowing CardTransaction, _ payload: UnlockPayload) -> PINOutcome {
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
      let outcome = send(
        card, CommandAPDU(cla: 0x80, ins: 0x18, p2: 0, data: application.id + block), name: "VerifyPIN", .admin,
        before: before, success: .verified, uncertain: .verify)
      guard outcome == .verified else { return Self.naming(outcome) }
    }
    let header = Self.unblockHeader
    return Self.naming(
      send(
        card, CommandAPDU(cla: header[0], ins: header[1], p1: header[2], p2: header[3], data: payload.data),
        name: "UnblockPIN", .admin, before: before, success: .unblocked, uncertain: .unblock))
  }

  /// 6984, "referenced data invalid": the key has no random any more.
  private static func naming(_ outcome: PINOutcome) -> PINOutcome {
    guard case .refused(let failure) = outcome, failure.number == .statusWord(0x6984) else { return outcome }
    return .refused(Failure(.challengeGone, function: failure.function, number: failure.number))
  }
}
