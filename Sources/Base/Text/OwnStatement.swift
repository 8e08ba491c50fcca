/// Whether some bytes begin as what this program signs for itself: orders of certificates, login tokens, answers of a desk, proofs
/// that a key fits. Whoever signs for a stranger signs none of these: the signature would count where the stranger likes.
package func isOwnStatement(_ bytes: [UInt8]) -> Bool {
  ["ukey:", "ukey-", "UKRSP"].contains { bytes.starts(with: $0.utf8) }
}
