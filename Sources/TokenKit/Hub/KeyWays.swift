internal import SmartCard

/// Which keys are shown and which are other ways to one that is shown.
final class KeyWays: @unchecked Sendable {
  // Unchecked: `lock` guards both dictionaries.
  private let lock = Lock()
  /// Complete snapshots, without the other ways.
  private var snapshots: [TokenSource: TokenSnapshot] = [:]
  /// From a way that is not shown to the one that is.
  private var hidden: [TokenSource: TokenSource] = [:]

  func isHidden(_ source: TokenSource) -> Bool { lock.withLock { hidden[source] != nil } }

  /// - Returns: what to tell when this snapshot is complete.
  func arrived(_ snapshot: TokenSnapshot) -> [KeyEvent] {
    lock.withLock {
      let source = snapshot.source
      snapshots[source] = snapshot
      let others = snapshots.values.filter { $0.source != source && hidden[$0.source] == nil }
      guard let other = others.first(where: { SameKey.matches($0, snapshot) }) else {
        // Another key than before may be behind this source by now.
        hidden[source] = nil
        return [read(source)].compactMap { $0 }
      }
      let isBetter = SameKey.isBetter(snapshot, than: other)
      let (shown, not) = isBetter ? (source, other.source) : (other.source, source)
      hidden[shown] = nil
      hidden[not] = shown
      for (way, target) in hidden where target == not { hidden[way] = shown }
      return [.sameKey(not, shown: shown), read(shown)].compactMap { $0 }
    }
  }

  /// - Returns: what to tell after this source went: its other ways come forward, or it is no longer named.
  func left(_ source: TokenSource) -> [KeyEvent] {
    lock.withLock {
      snapshots[source] = nil
      if let shown = hidden.removeValue(forKey: source) { return [read(shown)].compactMap { $0 } }
      let waiting = hidden.filter { $0.value == source }.keys.sorted { $0.provider < $1.provider }
      guard let next = waiting.first else { return [] }
      for way in waiting { hidden[way] = way == next ? nil : next }
      return [.readerAdded(next), .inserted(next, atr: []), read(next)].compactMap { $0 }
    }
  }

  private func read(_ source: TokenSource) -> KeyEvent? {
    guard var snapshot = snapshots[source] else { return nil }
    snapshot.alsoSeen = hidden.filter { $0.value == source }.keys.sorted { $0.provider < $1.provider }
    return .read(source, snapshot)
  }
}
