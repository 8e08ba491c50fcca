internal import Failures
internal import SmartCard

/// Each is one transaction that ends within the time limit of PIN operations.
extension CardToken: RemoteUnlockToken {
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

  func withUnlockTarget<Value>(
    _ body: (any RemoteUnlockTarget) throws(Failure) -> Value
  ) throws(Failure) -> Value { try body(try CardPINTarget(self)) }
}
