package import Failures

/// What the hub tells the manager, in the order in which it happened.
package enum KeyEvent: Sendable, Equatable {
  /// The reader service is reachable, or why not. Sent first, then on each change.
  case service(ServiceState)
  /// A reader appeared.
  case readerAdded(TokenSource)
  /// A reader went away, and the key in it.
  case readerRemoved(TokenSource)
  /// A card was put in; its reading begins.
  case inserted(TokenSource, atr: [UInt8])
  /// The card was taken out.
  case removed(TokenSource)
  /// The key as far as read; the last one has `isComplete`.
  case read(TokenSource, TokenSnapshot)
  /// The key at the first source is the one shown at the second; the first is no longer shown.
  case sameKey(TokenSource, shown: TokenSource)
  /// Keys on USB that no library of this machine reaches, each with why; all of them each time it changes.
  case unreached([Failure])
  /// Libraries that have been asked for keys and have not answered yet, by name; each time that changes.
  case asking([String])
  /// The card cannot be read as a key.
  case failed(TokenSource, Failure)
}

/// The reader service as seen from here.
package enum ServiceState: Sendable, Equatable {
  case starting
  case running
  /// Not reachable; the hub goes on waiting for it.
  case down(Failure)
  /// No service needed: the embedded software token.
  case embedded
  /// No service needed: keys are looked for behind libraries only.
  case notNeeded
}

/// Where the manager's events come from. Real: ``KeyHub``. In tests: a script.
package protocol KeyEventSource: AnyObject, Sendable {
  /// Begins delivery. `deliver` is called on a thread of the source's own, never on the caller's.
  func start(_ deliver: @escaping @Sendable (KeyEvent) -> Void)
  /// Reads the key in this reader again, behind a reading that goes on: that may have fetched what is older than the question.
  /// Its events come through `deliver`.
  func reread(_ source: TokenSource)
  /// Looks once more for a reader service that refused or is missing.
  func retry()
  /// Ends all threads. After it returns at most what was already under way is delivered.
  func stop()
}
