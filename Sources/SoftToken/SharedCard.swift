internal import Base
import Failures
package import SmartCard

/// One software card for several links, as a reader gives one card to several programs: a transaction waits until the
/// other one has ended.
package final class SharedCard: @unchecked Sendable {
  // Unchecked: the card is touched only between taking and releasing `gate`.
  private let card: any SoftCard
  private let gate = Gate()

  package init(_ card: any SoftCard) {
    self.card = card
    atr = card.atr
  }

  package let atr: [UInt8]

  /// A link of its own for the calling thread.
  package func connect() -> any CardLink { Link(self, InProcessLink(card)) }

  private final class Link: CardLink {
    private let shared: SharedCard
    private let link: InProcessLink

    init(_ shared: SharedCard, _ link: InProcessLink) {
      self.shared = shared
      self.link = link
    }

    var atr: [UInt8] { shared.atr }
    var cardProtocol: CardProtocol { link.cardProtocol }

    func beginTransaction() throws(Failure) {
      shared.gate.take()
      do throws(Failure) {
        try link.beginTransaction()
      } catch {
        shared.gate.release()
        throw error
      }
    }

    func endTransaction(resetting: Bool) {
      link.endTransaction(resetting: resetting)
      shared.gate.release()
    }

    func transmit(
      _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> Int {
      try link.transmit(command, into: response)
    }
  }
}
