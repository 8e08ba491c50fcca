import Failures
import Synchronization
import TokenKit

/// The events of the keys that are meant, of all that come. What is heard of a key before it is read is held back until it is
/// known which one it is.
final class ChosenKeys: KeyEventSource {
  private struct State {
    /// In order, before the key was known.
    var held: [KeyEvent] = []
    var isChosen = false
  }

  /// A reader of which nothing is read but comings and goings holds back no more than this.
  private static let heldLimit = 8

  private let source: any KeyEventSource
  private let choice: KeyChoice
  /// Held while an event is delivered: what belongs together stays together.
  private let states = Mutex<[TokenSource: State]>([:])

  init(_ source: any KeyEventSource, _ choice: KeyChoice) {
    self.source = source
    self.choice = choice
  }

  func start(_ deliver: @escaping @Sendable (KeyEvent) -> Void) {
    source.start { self.take($0, deliver) }
  }

  func reread(_ source: TokenSource) { self.source.reread(source) }
  func retry() { source.retry() }
  func stop() { source.stop() }

  private func take(_ event: KeyEvent, _ deliver: @Sendable (KeyEvent) -> Void) {
    guard let place = event.source else { return deliver(event) }
    guard choice.mayMean(place) else { return }
    guard choice.key != nil else { return deliver(event) }
    states.withLock { states in
      var state = states[place] ?? State()
      switch event {
      case .read(_, let snapshot) where !state.isChosen && choice.mayMean(snapshot):
        state.isChosen = true
        state.held.forEach(deliver)
        state.held = []
      case .removed where !state.isChosen: state.held.removeAll { if case .readerAdded = $0 { false } else { true } }
      default: break
      }
      if state.isChosen {
        deliver(event)
      } else {
        switch event {
        case .readerAdded, .inserted: if state.held.count < Self.heldLimit { state.held.append(event) }
        default: break
        }
      }
      if case .removed = event { state.isChosen = false }
      states[place] = state
      if case .readerRemoved = event { states[place] = nil }
    }
  }
}

extension KeyEvent {
  /// The reader that it is about.
  var source: TokenSource? {
    switch self {
    case .service, .unreached, .asking: nil
    case .readerAdded(let source), .readerRemoved(let source), .inserted(let source, _), .removed(let source),
      .read(let source, _), .failed(let source, _),
      .sameKey(let source, _):
      source
    }
  }
}
