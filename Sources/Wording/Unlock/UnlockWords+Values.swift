package import UnlockKit

extension UnlockWords {
  /// The usual reason for this kind of request, which the person may take; empty where only he can know it.
  ///
  /// - Parameters:
  ///   - isLocked: the PIN is.
  ///   - isExpired: the certificate is.
  package func suggestedReason(_ kind: UnlockKind, isLocked: Bool, isExpired: Bool) -> String {
    switch kind {
    case .unlock: isLocked ? reasonLocked : reasonForgotten
    case .renew: isExpired ? reasonExpired : reasonExpiring
    case .reissue: reasonDamaged
    // Only the person knows what is to change.
    case .change: ""
    }
  }
}
