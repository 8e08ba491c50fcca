internal import Base
package import Failures
package import SmartCard

/// The embedded software token as a reader service: nothing outside this process is needed or touched.
package final class DemoReaders: ReaderService, @unchecked Sendable {
  // Unchecked: the cards guard themselves, `condition` guards the rest.
  private let cards: [(reader: String, card: SharedCard)]
  private let condition = Condition()
  private var stopped = false

  /// - Parameter cards: reader names with the card in each.
  package init(cards: [(reader: String, card: any SoftCard)]) {
    self.cards = cards.map { ($0.reader, SharedCard($0.card)) }
  }

  package var isEmbedded: Bool { true }

  package func readers() -> [ReaderState] {
    cards.map { ReaderState(name: $0.reader, card: .present(atr: $0.card.atr)) }
  }

  package func connect(_ reader: String) throws(Failure) -> any CardLink {
    guard let found = cards.first(where: { $0.reader == reader }) else {
      throw Failure(.readerUnknown, context: reader)
    }
    return found.card.connect()
  }

  package func watch(_ deliver: (ReaderEvent) -> Void) {
    deliver(.serviceUp)
    for (reader, card) in cards {
      deliver(.readerAdded(reader))
      deliver(.cardInserted(reader: reader, atr: card.atr))
    }
    condition.withLock {
      while !stopped { _ = condition.wait() }
    }
  }

  package func retry() {}

  package func stop() {
    condition.withLock {
      stopped = true
      condition.broadcast()
    }
  }
}
