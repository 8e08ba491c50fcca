internal import Failures
import Synchronization

/// Which keys are shown and which are other ways to one that is shown, while keys come and go.
final class KeyWays: Sendable {
  private struct Ways {
    /// Complete snapshots, without the other ways.
    var snapshots: [TokenSource: TokenSnapshot] = [:]
    /// From a way that is not shown to the one that is.
    var hidden: [TokenSource: TokenSource] = [:]
    /// Cards that no driver knows, with what was said of them.
    var strangers: [TokenSource: Failure] = [:]
    /// Those of them that a library reads.
    var hiddenStrangers: Set<TokenSource> = []
  }

  private let providers: [String]
  private let ways = Mutex(Ways())

  /// - Parameter providers: in the order in which the user named them, or in which they are looked at.
  init(providers: [String]) { self.providers = providers }

  func isHidden(_ source: TokenSource) -> Bool {
    ways.withLock { $0.hidden[source] != nil || $0.hiddenStrangers.contains(source) }
  }

  /// - Returns: what to tell when this snapshot is complete.
  func arrived(_ snapshot: TokenSnapshot) -> [KeyEvent] {
    ways.withLock { ways in
      ways.snapshots[snapshot.source] = snapshot
      return regroup(&ways, around: snapshot.source)
    }
  }

  /// A card that no driver knows. - Returns: what to tell of it.
  func arrived(_ source: TokenSource, unknown failure: Failure) -> [KeyEvent] {
    ways.withLock { ways in
      ways.strangers[source] = failure
      let events = hideStrangers(&ways)
      return ways.hiddenStrangers.contains(source) ? events : events + [.failed(source, failure)]
    }
  }

  /// - Returns: what to tell after this source went: the best of its other ways comes forward, or it is no longer named.
  func left(_ source: TokenSource) -> [KeyEvent] {
    ways.withLock { ways in
      ways.snapshots[source] = nil
      ways.strangers[source] = nil
      ways.hiddenStrangers.remove(source)
      return regroup(&ways, around: source)
    }
  }

  /// Tells which unknown cards a library turns out to read, and which it no longer does.
  private func hideStrangers(_ ways: inout Ways) -> [KeyEvent] {
    let before = ways.hiddenStrangers
    var events: [KeyEvent] = []
    for (source, failure) in ways.strangers {
      if let key = SameKey.way(toUnknownCard: source, among: ways.snapshots.values) {
        if ways.hiddenStrangers.insert(source).inserted {
          events.append(.sameKey(source, shown: ways.hidden[key] ?? key))
        }
      } else if before.contains(source) {
        ways.hiddenStrangers.remove(source)
        events += [.readerAdded(source), .inserted(source, atr: []), .failed(source, failure)]
      }
    }
    return events
  }

  /// Finds the keys anew. Tells which ways went behind another and which came forward, and every key whose ways changed
  /// or that `source` is a way to.
  private func regroup(_ ways: inout Ways, around source: TokenSource) -> [KeyEvent] {
    let before = ways.hidden
    ways.hidden = [:]
    let keys = SameKey.keys(ordered(ways.snapshots.values)) { $0 }.compactMap(\.snapshot)
    for key in keys {
      for way in key.alsoSeen { ways.hidden[way] = key.source }
    }
    var events: [KeyEvent] = []
    for key in keys {
      let cameForward = before[key.source] != nil
      if cameForward {
        events += [.readerAdded(key.source), .inserted(key.source, atr: [])]
      }
      let wentBehind = key.alsoSeen.filter { before[$0] == nil }
      events += wentBehind.map { .sameKey($0, shown: key.source) }
      let named = Set(before.filter { $0.value == key.source }.keys)
      if cameForward || key.source == source || named != Set(key.alsoSeen) || key.alsoSeen.contains(source) {
        events.append(.read(key.source, key))
      }
    }
    return events + hideStrangers(&ways)
  }

  /// In the order of the providers: whichever was faster, equally good ways are shown alike.
  private func ordered(_ snapshots: some Sequence<TokenSnapshot>) -> [TokenSnapshot] {
    func place(_ snapshot: TokenSnapshot) -> Int { providers.firstIndex(of: snapshot.source.provider) ?? .max }
    return snapshots.sorted { (place($0), $0.source.reader) < (place($1), $1.source.reader) }
  }
}
