internal import Failures
internal import SmartCard

/// A card for one operation with a PIN: one transaction, which ends with this object and within ``TimedLink/limit``.
final class CardPINTarget: RemoteUnlockTarget {
  private(set) var card: CardTransaction
  private var driver: any CardDriver
  /// On the application that is open.
  private(set) var commands: (any CardPINCommands)?
  /// Of the PIN that was opened, just before it is sent.
  private var before: PINStatus?
  /// The accepted PIN, while a renewal goes on.
  var lent: UnsafeRawBufferPointer?

  /// - Parameter limit: `nil`: that of operations with a PIN.
  init(_ token: CardToken, limit: Duration? = nil) throws(Failure) {
    let card = try token.timedTransaction(limit)
    driver = try token.recognise(card)
    self.card = card
  }

  func policy(_ task: PINTask, _ role: PINReference.Role) throws(Failure) -> PINPolicy? {
    try driver.policy(task, role)
  }

  func serial() throws(Failure) -> TokenName? { try driver.serial(card) }

  func open(_ reference: PINReference, _ task: PINTask) throws(Failure) -> Reading<PINStatus> {
    let commands = try driver.open(card, reference)
    self.commands = commands
    let status = try commands.freshStatus(card, reference.role)
    before = status.value
    guard before != nil else { throw status.failure ?? Failure(.notSupported, function: "PIN status") }
    return status
  }

  func verify(_ role: PINReference.Role, _ pin: borrowing PIN) -> PINOutcome {
    commands?.verify(card, role, pin, before: before) ?? Self.notOpened
  }

  func change(_ role: PINReference.Role, old: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    commands?.change(card, role, old: old, new: new, before: before) ?? Self.notOpened
  }

  func unblock(admin: borrowing PIN, new: borrowing PIN) -> PINOutcome {
    commands?.unblock(card, admin: admin, new: new, before: before) ?? Self.notOpened
  }

  func answer(_ payload: UnlockPayload, to challenge: UnlockChallenge) -> PINOutcome {
    commands?.answer(card, payload, to: challenge) ?? Self.notOpened
  }

  func replaceTemporary(_ temporary: borrowing PIN, by own: borrowing PIN) -> PINOutcome {
    guard let commands else { return Self.notOpened }
    // What was read before is of the administrator PIN.
    before = (try? commands.freshStatus(card, .user))?.value
    return change(.user, old: temporary, new: own)
  }

  func sign(_ message: [UInt8], _ key: SigningKey, _ pin: borrowing PIN) throws(Failure) -> [UInt8] {
    guard let commands else { throw Failure(.internalError, function: "sign") }
    return try commands.sign(card, message, key)
  }

  func finish(after outcome: PINOutcome?) {
    if let commands, !commands.finish(card, loggedIn: outcome != nil), outcome != nil { card.resetAtEnd() }
    commands = nil
  }

  private static var notOpened: PINOutcome { .notSent(.failure(Failure(.internalError, function: "open"))) }
}
