internal import Synchronization

/// Which keys are shown and which are other ways to one that is shown.
final class KeyWays: Sendable {
  private let ways: Mutex<Ways>

  /// - Parameter providers: in the order in which the user named them, or in which they are looked at.
  init(providers: [String]) { ways = Mutex(Ways(providers: providers)) }

  func isHidden(_ source: TokenSource) -> Bool { ways.withLock { $0.hidden[source] != nil } }

  /// - Returns: what to tell when this snapshot is complete.
  func arrived(_ snapshot: TokenSnapshot) -> [KeyEvent] { ways.withLock { $0.arrived(snapshot) } }

  /// - Returns: what to tell after this source went: the best of its other ways comes forward, or it is no longer named.
  func left(_ source: TokenSource) -> [KeyEvent] { ways.withLock { $0.left(source) } }
}

private struct Ways: Sendable {
  var providers: [String]
  /// Complete snapshots, without the other ways.
  var snapshots: [TokenSource: TokenSnapshot] = [:]
  /// From a way that is not shown to the one that is.
  var hidden: [TokenSource: TokenSource] = [:]

  init(providers: [String]) { self.providers = providers }

  mutating func arrived(_ snapshot: TokenSnapshot) -> [KeyEvent] {
    let source = snapshot.source
    snapshots[source] = snapshot
    let others = snapshots.values.filter { $0.source != source && hidden[$0.source] == nil }
    guard let other = others.first(where: { SameKey.matches($0, snapshot) }) else {
      // Another key than before may be behind this source by now.
      hidden[source] = nil
      return [read(source)].compactMap { $0 }
    }
    let isBetter = isBetter(snapshot, than: other)
    let (shown, not) = isBetter ? (source, other.source) : (other.source, source)
    hidden[shown] = nil
    hidden[not] = shown
    for (way, target) in hidden where target == not { hidden[way] = shown }
    return [.sameKey(not, shown: shown), read(shown)].compactMap { $0 }
  }

  mutating func left(_ source: TokenSource) -> [KeyEvent] {
    snapshots[source] = nil
    if let shown = hidden.removeValue(forKey: source) { return [read(shown)].compactMap { $0 } }
    let waiting = hidden.filter { $0.value == source }.keys.compactMap { snapshots[$0] }
    guard let next = waiting.min(by: { isBetter($0, than: $1) })?.source else { return [] }
    for way in waiting { hidden[way.source] = way.source == next ? nil : next }
    return [.readerAdded(next), .inserted(next, atr: []), read(next)].compactMap { $0 }
  }

  /// Of two ways that are equally good the one named first, whichever was faster.
  private func isBetter(_ left: TokenSnapshot, than right: TokenSnapshot) -> Bool {
    if SameKey.isBetter(left, than: right) { return true }
    if SameKey.isBetter(right, than: left) { return false }
    func place(_ snapshot: TokenSnapshot) -> Int { providers.firstIndex(of: snapshot.source.provider) ?? .max }
    return place(left) < place(right)
  }

  private func read(_ source: TokenSource) -> KeyEvent? {
    guard var snapshot = snapshots[source] else { return nil }
    snapshot.alsoSeen = hidden.filter { $0.value == source }.keys.sorted { $0.provider < $1.provider }
    return .read(source, snapshot)
  }
}
