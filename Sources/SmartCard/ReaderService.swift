package import Failures

/// A reader and the card in it at one moment.
package struct ReaderState: Sendable, Equatable {
  package var name: String
  /// `nil`: empty.
  package var card: Card?

  package enum Card: Sendable, Equatable {
    /// Answers; its ATR.
    case present(atr: [UInt8])
    /// Inserted, but does not answer to power-on.
    case mute
  }

  package init(name: String, card: Card?) {
    self.name = name
    self.card = card
  }
}

/// A change seen by a ``ReaderService``.
package enum ReaderEvent: Sendable, Equatable {
  case serviceUp
  case serviceDown(Failure)
  case readerAdded(String)
  case readerRemoved(String)
  case cardInserted(reader: String, atr: [UInt8])
  case cardMute(reader: String)
  case cardRemoved(reader: String)
}

/// Where cards come from: pcscd, or this process itself.
package protocol ReaderService: AnyObject, Sendable {
  /// `true` when no service stands behind it (the embedded software token).
  var isEmbedded: Bool { get }
  /// The readers now. - Throws: `UK-101` … when the service cannot be reached.
  func readers() throws(Failure) -> [ReaderState]
  /// Whether another program is connected to the card in this reader; asks the service alone.
  func isInUse(_ reader: String) -> Bool
  /// Connects to the card in this reader. The link is used on the calling thread only.
  func connect(_ reader: String) throws(Failure) -> any CardLink
  /// Delivers the present state and then each change, on the calling thread, sleeping in between, until ``stop()``.
  func watch(_ deliver: (ReaderEvent) -> Void)
  /// Makes a ``watch(_:)`` that waits for the service look once more.
  func retry()
  /// Ends ``watch(_:)``; returns at once. May be called from any thread.
  func stop()
}

extension ReaderService {
  package func isInUse(_ reader: String) -> Bool { false }
}
