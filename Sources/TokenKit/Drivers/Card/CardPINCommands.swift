internal import CertificateKit
internal import Failures
internal import SmartCard

/// The PIN commands of one family of cards, inside one transaction, on the application they concern.
///
/// Each sends its command with a PIN at most once. None looks at rules or tries: ``PINTarget`` has done that before.
protocol CardPINCommands {
  /// Tries left and so on, without costing one.
  func status(_ card: borrowing CardTransaction, _ role: PINReference.Role) throws(Failure) -> Reading<PINStatus>
  /// The same with the tries, where another program's login keeps the card from telling them.
  func freshStatus(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus>
  // `before` is the state of the PIN of that role as `freshStatus` has just told it.
  func verify(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, _ pin: borrowing PIN, before: PINStatus?
  ) -> PINOutcome
  func change(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN,
    before: PINStatus?
  ) -> PINOutcome
  func unblock(
    _ card: borrowing CardTransaction, admin: borrowing PIN, new: borrowing PIN, before: PINStatus?
  ) -> PINOutcome
  /// A fresh challenge for unlocking from afar; the application is closed, and nothing of ours comes between the challenge
  /// and its answer.
  func challenge(_ card: borrowing CardTransaction) throws(Failure) -> UnlockChallenge
  /// Sends an answer that was made elsewhere.
  func answer(
    _ card: borrowing CardTransaction, _ payload: UnlockPayload, to challenge: UnlockChallenge
  ) -> PINOutcome
  /// Ends a login and closes what was opened. - Returns: `false` when only a reset makes the card forget it.
  func finish(_ card: borrowing CardTransaction, loggedIn: Bool) -> Bool
  /// The raw signature; the user is logged in.
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8]
}

extension CardPINCommands {
  func freshStatus(
    _ card: borrowing CardTransaction, _ role: PINReference.Role
  ) throws(Failure) -> Reading<PINStatus> { try status(card, role) }

  func challenge(_ card: borrowing CardTransaction) throws(Failure) -> UnlockChallenge {
    throw Failure(.unlockNotRemote)
  }

  func answer(
    _ card: borrowing CardTransaction, _ payload: UnlockPayload, to challenge: UnlockChallenge
  ) -> PINOutcome { .notSent(.failure(Failure(.unlockNotRemote))) }

  /// Sends a command with a PIN by `transmit`, once, and says what became of it. Only what is certain is stated: when the
  /// answer does not say it, the key's own state is asked, and when that does not say it either the outcome is unknown.
  ///
  /// - Parameter before: the state of the PIN before the command.
  func sendJudged(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, command: String, before: PINStatus?,
    success: PINOutcome, uncertain: PINOutcome.Uncertain,
    _ transmit: (borrowing CardTransaction) throws(Failure) -> ResponseAPDU
  ) -> PINOutcome {
    let answer: ResponseAPDU
    do throws(Failure) {
      answer = try transmit(card)
    } catch {
      // A card that is still there but did not answer properly can be asked what it did.
      guard error.code == .answerMalformed || error.code == .cardCommunication else {
        return .unknown(uncertain, error)
      }
      return seen(since: before, state(card, role), success, uncertain, error) ?? .unknown(uncertain, error)
    }
    if answer.status.isSuccess { return success }
    let refusal = Failure.refused(command, answer.status)
    let now = state(card, role)
    if let outcome = seen(since: before, now, success, uncertain, refusal, answer.status) { return outcome }
    // The card says locked, its counter that tries are left: then it is this command that it refuses.
    if answer.status == .authenticationBlocked { return now?.triesLeft == nil ? .locked : .refused(refusal) }
    if let left = answer.status.triesLeft { return left == 0 ? .locked : .wrong(triesLeft: now?.triesLeft ?? left) }
    // ISO/IEC 7816-4 §5.6: checking errors abort before anything is done. 6CXX belongs to them too, but no command with a
    // PIN asks for data, so a card that answers it is not to be believed. Everything else says nothing certain.
    switch answer.status.sw1 {
    case 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E: return .refused(refusal)
    default: return .unknown(uncertain, refusal)
    }
  }

  private func state(_ card: borrowing CardTransaction, _ role: PINReference.Role) -> PINStatus? {
    do throws(Failure) {
      return try status(card, role).value
    } catch {
      return nil
    }
  }

  /// What the key's state shows that the command has done; `nil` when it shows nothing.
  ///
  /// - Parameter told: the status word, when an answer came.
  private func seen(
    since before: PINStatus?, _ now: PINStatus?, _ success: PINOutcome, _ uncertain: PINOutcome.Uncertain,
    _ failure: Failure, _ told: StatusWord? = nil
  ) -> PINOutcome? {
    guard let now else { return nil }
    if now.isLocked { return .locked }
    guard let before else { return nil }
    if let left = now.triesLeft, let had = before.triesLeft, left < had { return .wrong(triesLeft: left) }
    let isRestored = (now.triesLeft ?? 0) > (before.triesLeft ?? .max)
    let isNew = before.isDefault == true && now.isDefault == false
    guard isRestored || isNew || (now.isVerified && !before.isVerified) else { return nil }
    // The PIN was accepted, whatever the answer. Whether a change was carried out to its end is not said by that, but by
    // the answer: many cards compare the old PIN before they look at the new one and refuse that. Only a length or a
    // class that is wrong cannot be found out so late: that answer is not to be believed.
    if uncertain == .verify { return success }
    return !isNew && told?.refusesContent == true ? .refused(failure) : .unknown(uncertain, failure)
  }
}

extension StatusWord {
  /// 6A8X, wrong parameters in the command's data or P1-P2, and 6985, conditions of use (ISO/IEC 7816-4 §5.6): what was
  /// asked for is not done.
  fileprivate var refusesContent: Bool { (0x6A80...0x6A8F).contains(rawValue) || rawValue == 0x6985 }
}
