import COpenSSL
package import Failures
package import SmartCard

/// A software card connected without any reader service: the embedded demo and tests.
///
/// Used by one thread at a time, like every link.
package final class InProcessLink: CardLink {
  package let cardProtocol: CardProtocol

  private let card: any SoftCard
  private var isRemoved = false

  package init(_ card: any SoftCard, cardProtocol: CardProtocol = .t1) {
    self.card = card
    self.cardProtocol = cardProtocol
  }

  package var atr: [UInt8] { card.atr }

  /// Takes the card out: from now on every call throws `UK-122`.
  package func remove() {
    isRemoved = true
    card.reset()
  }

  /// Puts it in again.
  package func insert() {
    card.reset()
    isRemoved = false
  }

  package func beginTransaction() throws(Failure) {
    guard !isRemoved else { throw Failure(.cardRemoved, function: "beginTransaction") }
  }

  package func endTransaction(resetting: Bool) {
    if resetting, !isRemoved { card.reset() }
  }

  /// - Throws: `UK-122` removed, also during the command; `UK-125` when the answer has no status word or does not fit.
  package func transmit(
    _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    guard !isRemoved else { throw Failure(.cardRemoved, function: "transmit") }
    // The card wants an array of its own; it may hold an encrypted PIN, so it is wiped.
    var copy = Array(command)
    defer { copy.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
    let answer = card.process(copy)
    guard !isRemoved else { throw Failure(.cardRemoved, function: "transmit") }
    guard answer.count >= 2, answer.count <= response.count else {
      throw Failure(.cardCommunication, function: "transmit", context: "\(answer.count) bytes")
    }
    response.copyBytes(from: answer)
    return answer.count
  }
}
