package import Failures

/// Which PIN of which application.
package struct PINReference: Sendable, Hashable {
  package enum Role: String, Sendable {
    /// The holder's PIN (CHV).
    case user
    /// The administrator PIN of a GM/T 0017 application, the PUK of a PIV card, the SO PIN of a PKCS#11 token.
    case admin
  }

  /// Name of the application as in ``ApplicationSnapshot/name``; `PIV` for a PIV card.
  package var application: TokenName
  package var role: Role
  /// Serial of the key that the user was shown. The operation is refused when another key is in the reader by now.
  package var keySerial: TokenName?

  package init(application: TokenName, role: Role, keySerial: TokenName? = nil) {
    self.application = application
    self.role = role
    self.keySerial = keySerial
  }
}

/// What became of an operation with a PIN: data, never an exception.
package enum PINOutcome: Sendable, Equatable {
  /// The PIN was right; nothing was changed.
  case verified
  /// The new PIN is in force.
  case changed
  /// The user PIN was set anew and its tries restored.
  case unblocked
  /// The given PIN was wrong and cost a try.
  case wrong(triesLeft: Int?)
  /// The PIN is locked, now or already.
  case locked
  /// Nothing that costs a try has left this program.
  case notSent(NotSent)
  /// The PIN was right or not needed, but the key refused what was asked; its state is as before.
  case refused(Failure)
  /// The command left and no answer came: either may be true.
  case unknown(Uncertain, Failure)

  package enum NotSent: Sendable, Equatable {
    /// A local rule was broken.
    case rule(PINRule)
    /// Fewer tries than consented to; the number, `nil` when the key does not say now.
    case tries(Int?)
    /// No profile of this key supports PIN commands.
    case noProfile
    /// Another key is in the reader than the one shown.
    case otherKey
    /// Reading before it failed.
    case failure(Failure)
  }

  /// What is not known.
  package enum Uncertain: Sendable, Equatable {
    /// VERIFY had left: a try may have been used if the PIN was wrong.
    case verify
    /// CHANGE had left after the old PIN had been accepted: either PIN may be valid. Try the new one first; a wrong one
    /// costs one try.
    case change
    /// UNBLOCK had left: the user PIN may be the old locked one or the new one.
    case unblock
  }
}
