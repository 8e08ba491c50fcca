import NIOCore

/// The connections of one adapter, counted. Used on the event loop only.
///
/// Those that nobody waits for an answer on give way to newcomers, the oldest first: who opens thousands of them, or sends
/// requests byte by byte, keeps nobody else out.
final class Connections {
  private let limits: ServerLimits
  /// Those on which nothing has come yet.
  private var quiet = Line()
  /// Those between two requests, or within one that is not whole yet.
  private var idle = Line()
  private(set) var count = 0

  init(_ limits: ServerLimits) { self.limits = limits }

  /// - Returns: `false` when there are too many; the channel is then to be closed.
  func opened(_ channel: any Channel) -> Bool {
    guard count < limits.connections || quiet.closeOldest() || idle.closeOldest() else { return false }
    if quiet.count >= limits.quiet { _ = quiet.closeOldest() }
    count += 1
    quiet.add(channel)
    return true
  }

  /// The first byte came.
  func heard(_ channel: any Channel) {
    quiet.remove(channel)
    idle.add(channel)
  }

  /// A request is whole, or the connection became a WebSocket: somebody waits for what comes now.
  func isBusy(_ channel: any Channel) { idle.remove(channel) }

  /// It was answered.
  func isIdle(_ channel: any Channel) { idle.add(channel) }

  func closed(_ channel: any Channel) {
    quiet.remove(channel)
    idle.remove(channel)
    count -= 1
  }

  /// Channels in the order in which they came.
  private struct Line {
    private var channels: [ObjectIdentifier: (turn: Int, channel: any Channel)] = [:]
    /// Entries of those that have left are passed over.
    private var order: [(turn: Int, id: ObjectIdentifier)] = []
    private var first = 0
    private var next = 0

    var count: Int { channels.count }

    mutating func add(_ channel: any Channel) {
      let id = ObjectIdentifier(channel)
      channels[id] = (next, channel)
      order.append((next, id))
      next += 1
      if order.count > 2 * channels.count + 64 {
        order = order[first...].filter { channels[$0.id]?.turn == $0.turn }
        first = 0
      }
    }

    mutating func remove(_ channel: any Channel) { channels[ObjectIdentifier(channel)] = nil }

    /// `false` when there is none.
    mutating func closeOldest() -> Bool {
      while first < order.count {
        let (turn, id) = order[first]
        first += 1
        guard let found = channels[id], found.turn == turn else { continue }
        channels[id] = nil
        found.channel.close(promise: nil)
        return true
      }
      return false
    }
  }
}
