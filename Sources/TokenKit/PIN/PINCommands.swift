internal import CertificateKit
internal import Failures
internal import SmartCard

/// The PIN commands of one family of cards, inside one transaction, on the application they concern.
///
/// Each sends its command with a PIN at most once. None looks at rules or tries: ``CardToken`` has done that before.
protocol PINCommands {
  /// Tries left and so on, without costing one.
  func status(_ card: borrowing CardTransaction, _ role: PINReference.Role) throws(Failure) -> Reading<PINStatus>
  func verify(_ card: borrowing CardTransaction, _ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome
  func change(
    _ card: borrowing CardTransaction, _ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN
  ) -> PINOutcome
  func unblock(_ card: borrowing CardTransaction, admin: borrowing PIN, new: borrowing PIN) -> PINOutcome
  /// Ends a login and closes what was opened. - Returns: `false` when only a reset makes the card forget it.
  func finish(_ card: borrowing CardTransaction, loggedIn: Bool) -> Bool
  /// The raw signature; the user is logged in.
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8]
}

extension PINCommands {
  /// What an answer to a command that carried a PIN means. Only what is certain is stated: when the status word does not
  /// say it, the counter is asked, and when that does not say it either the outcome is unknown.
  ///
  /// - Parameter before: the tries left before the command.
  func judge(
    _ card: borrowing CardTransaction, _ answer: ResponseAPDU, _ role: PINReference.Role, command: String,
    before: Int?, success: PINOutcome, uncertain: PINOutcome.Uncertain
  ) -> PINOutcome {
    if answer.status.isSuccess { return success }
    let refusal = Failure.refused(command, answer.status)
    if answer.status == .authenticationBlocked { return .locked }
    let now: PINStatus?
    do throws(Failure) {
      now = try status(card, role).value
    } catch {
      now = nil
    }
    if let now, now.isLocked { return .locked }
    if let left = now?.triesLeft, let before, left < before { return .wrong(triesLeft: left) }
    if let left = answer.status.triesLeft { return left == 0 ? .locked : .wrong(triesLeft: now?.triesLeft ?? left) }
    // ISO/IEC 7816-4 §5.6: checking errors abort before anything is done. 6CXX belongs to them too, but no command with a
    // PIN asks for data, so a card that answers it is not to be believed. Everything else says nothing certain.
    switch answer.status.sw1 {
    case 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E: return .refused(refusal)
    default: return .unknown(uncertain, refusal)
    }
  }
}
