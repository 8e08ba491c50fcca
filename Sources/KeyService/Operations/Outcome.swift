package import CertificateKit
package import LoginToken

/// What became of an ``Operation``.
package enum Outcome: Sendable, Equatable {
  case flag(Bool)
  case number(Int)
  case text(String)
  case bytes([UInt8])
  case keys([KeySummary])
  case certificate(HolderCertificate)
  case certificates([HolderCertificate])
  /// One that the page brought.
  case parsed(Certificate)
  case token(LoginToken)
  /// Why the operation before this one was refused; `nil` when it was not.
  case last(Refusal?)
  case refused(Refusal)

  /// It was done, and what was asked is so.
  package var isSuccess: Bool {
    switch self {
    case .refused, .flag(false): false
    default: true
    }
  }

  package var refusal: Refusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }

  /// For the log: `ok`, or the refusal's name.
  package var name: String { refusal?.name ?? (isSuccess ? "ok" : "no") }
}
