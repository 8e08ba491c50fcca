import CertificateKit
import TokenKit

extension Context {
  /// Whether each private key is that of the certificate beside it, as far as the key tells its public one without a PIN:
  /// after half a renewal, or a restored container, it is not, and every signature is refused.
  func checkCertificateKey() -> Finding {
    var facts: [Evidence] = []
    var trouble: [(cause: Cause, place: CertificatePlace)] = []
    for place in entries where place.certificate.value != nil && place.role != .authority {
      let said: String
      switch place.entry.key {
      case .fits: said = "="
      case .other:
        said = "≠"
        trouble.append((.keyOther, place))
      case .absent:
        said = "-"
        trouble.append((.keyGone, place))
      case .notTold: continue
      }
      facts += [
        Evidence(.keyContainer, place.container.name.text, .text), Evidence(.role, place.role.rawValue),
        Evidence(.publicKey, said),
      ]
    }
    if let worst = trouble.first(where: \.place.isForLogin) { return Finding(.fault, worst.cause, facts) }
    // A login does without that key; old bids may not.
    if let other = trouble.first { return Finding(.warning, other.cause, facts) }
    return facts.isEmpty ? Finding(.skipped, .keyNotTold) : .ok(facts)
  }
}
