package import Failures

/// What can be done about a key's refusal of an operation with a PIN in which nothing was changed.
package enum PINRefusal: Sendable, Equatable {
  /// A PIN of another length or of other characters.
  case otherPIN
  /// The PIN is right and has to be changed first.
  case expired
  /// There is no such PIN yet.
  case notSet
  /// Nothing about the PIN: the number tells.
  case again

  /// From what the key or its library answered.
  package init(_ failure: Failure) {
    self =
      switch failure.number {
      case .ckr(0xA3)?: .expired
      case .ckr(0x102)?: .notSet
      case .ckr(0xA1)?, .ckr(0xA2)?, .sar(0x0A00_0026)?, .sar(0x0A00_0027)?: .otherPIN
      case .ckr?, .sar?: .again
      default: .otherPIN
      }
  }
}

extension Failure {
  /// Of the function that compares a PIN, not of one that works with it once it was accepted.
  package var isOfLogin: Bool {
    [P11Function.login.symbol, SKFFunction.verifyPIN.symbol, "VERIFY", "VerifyPIN"].contains(function)
  }
}
