package import Failures

/// Transmission protocol agreed with the card.
package enum CardProtocol: Sendable, Equatable {
  case t0
  case t1
}

/// One connected card, behind a reader service or in this process. Used by one thread at a time.
///
/// Drivers never see this type; they get a ``CardTransaction`` on it.
package protocol CardLink: AnyObject {
  /// Answer to reset, at most 33 bytes.
  var atr: [UInt8] { get }
  var cardProtocol: CardProtocol { get }
  /// Takes the card for this connection until ``endTransaction(resetting:)``.
  ///
  /// - Throws: `UK-123` when another program reset the card since; the link has then reconnected and a second call
  ///   may succeed. `UK-122` removed, `UK-124` held exclusively.
  func beginTransaction() throws(Failure)
  /// Gives the card back; `resetting` also makes it forget a verified PIN.
  func endTransaction(resetting: Bool)
  /// Sends one encoded command APDU and receives data and status word into `response` (give at least 65 538 bytes
  /// for extended answers). Neither buffer is kept, copied aside or logged.
  ///
  /// - Returns: the number of bytes received, at least 2.
  func transmit(_ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
}
