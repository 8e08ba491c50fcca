public import Failures

/// What to read beyond the usual.
public struct ReadOptions: Sendable, Equatable {
  /// Also the retired key management slots 82 to 95 of a PIV card: twenty more commands.
  public var retiredSlots: Bool

  public init(retiredSlots: Bool = false) { self.retiredSlots = retiredSlots }
}

/// One opened key of any kind: the contract of every driver. Used by one thread at a time.
///
/// Each call is one transaction: the key is free for other programs in between.
public protocol Token: AnyObject {
  var source: TokenSource { get }
  /// Reads what the key shows without a PIN.
  ///
  /// - Parameter progress: gets the snapshot as far as read, each time a part has arrived; not the last one.
  /// - Returns: the complete snapshot. Items that the key refuses are in it as `.failed`.
  /// - Throws: when the key as a whole cannot be read any further (removed, held, service gone).
  func read(_ options: ReadOptions, progress: (TokenSnapshot) -> Void) throws(Failure) -> TokenSnapshot
}

/// A place where keys are found: pcscd, the embedded software token, later a vendor library.
public protocol TokenProvider: AnyObject, Sendable {
  /// As shown and given on the command line: `pcsc`, `demo`.
  var name: String { get }
  var isEmbedded: Bool { get }
  /// The readers with what is in them. - Throws: `UK-101` … when the service cannot be reached.
  func slots() throws(Failure) -> [TokenSlot]
  /// Connects to the key in this reader and finds its driver. The token belongs to the calling thread.
  ///
  /// - Throws: `UK-201` when no driver knows the card; `UK-120`, `UK-121`, `UK-124` … as the reader says.
  func open(_ reader: String) throws(Failure) -> any Token
  /// Delivers the present state and then each change, on the calling thread, until ``stop()``.
  func watch(_ deliver: (SlotEvent) -> Void)
  /// Looks once more for a service that refused.
  func retry()
  func stop()
}

/// A reader and whether there is a key in it.
public struct TokenSlot: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case empty
    case key(atr: [UInt8])
    /// Inserted but dumb: upside down, dirty, broken.
    case mute
  }

  public var source: TokenSource
  public var content: Content

  public init(source: TokenSource, content: Content) {
    self.source = source
    self.content = content
  }
}

/// A change at a ``TokenProvider``.
public enum SlotEvent: Sendable, Equatable {
  case up
  case down(Failure)
  case added(String)
  case gone(String)
  case inserted(String, atr: [UInt8])
  case mute(String)
  case removed(String)
}
