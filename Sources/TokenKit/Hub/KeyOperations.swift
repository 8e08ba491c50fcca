package import Failures

/// Opens keys for operations that the user asked for. Real: ``KeyHub``. In tests: a script.
package protocol KeyOperations: AnyObject, Sendable {
  /// Connects to the key in this reader. The token belongs to the calling thread, which waits for the card.
  ///
  /// - Throws: `UK-111` when there is no such reader any more; what ``TokenProvider/open(_:)`` throws.
  func open(_ source: TokenSource) throws(Failure) -> any Token
  /// Ends what the library of this key is doing, as far as it can be ended: see ``TokenProvider/abandon()``.
  func abandon(_ source: TokenSource)
}

extension KeyOperations {
  package func abandon(_ source: TokenSource) {}
}
