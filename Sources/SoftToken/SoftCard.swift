/// A card made of software: whole command APDU in, whole response APDU out.
///
/// Not thread safe: one owner at a time, as a real card has one reader. Answers any input; never traps.
package protocol SoftCard: AnyObject {
  /// Answer to reset.
  var atr: [UInt8] { get }
  /// Power or reset: volatile state (verified PIN, selected application, random, pending response) is lost.
  func reset()
  /// Answers one command APDU (at least 4 bytes) with data and status word. Durable changes are on disk before it
  /// returns.
  func process(_ command: [UInt8]) -> [UInt8]
}
