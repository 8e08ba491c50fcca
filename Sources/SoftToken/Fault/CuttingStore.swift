package import Failures

/// A store that loses its power at a given write: for tests of what a card holds then.
package final class CuttingStore: StateStore {
  private let store: any StateStore
  /// By the number of the write: whether it is still carried out.
  private var cuts: [Int: Bool] = [:]
  /// Writes since ``arm(_:)``.
  package private(set) var count = 0
  /// The card answers nothing any more.
  package private(set) var isOff = false

  package init(_ store: any StateStore) { self.store = store }

  /// Takes the rules that strike at writes, and counts from here.
  package func arm(_ rules: [FaultRule]) {
    count = 0
    for rule in rules {
      if case .write(let number) = rule.trigger { cuts[number] = rule.carriesOut }
    }
  }

  package func load() throws(Failure) -> [UInt8]? { try store.load() }

  package func save(_ block: [UInt8]) throws(Failure) {
    if isOff { throw Failure(.softTokenState, function: "power") }
    count += 1
    guard let carriesOut = cuts[count] else { return try store.save(block) }
    if carriesOut { try store.save(block) }
    isOff = true
    throw Failure(.softTokenState, function: "power")
  }
}
