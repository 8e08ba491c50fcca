import NIOCore

/// The connections of one adapter, counted. Used on the event loop only.
final class Connections {
  private let limits: ServerLimits
  /// Those on which nothing has come yet, oldest first.
  private var quiet: [ObjectIdentifier: any Channel] = [:]
  private var order: [ObjectIdentifier] = []
  private(set) var count = 0

  init(_ limits: ServerLimits) { self.limits = limits }

  /// - Returns: `false` when there are too many; the channel is then to be closed.
  func opened(_ channel: any Channel) -> Bool {
    guard count < limits.connections || closeOldest() else { return false }
    if quiet.count >= limits.quiet { _ = closeOldest() }
    count += 1
    let id = ObjectIdentifier(channel)
    quiet[id] = channel
    order.append(id)
    return true
  }

  /// The first byte came.
  func heard(_ channel: any Channel) { forget(channel) }

  func closed(_ channel: any Channel) {
    forget(channel)
    count -= 1
  }

  private func forget(_ channel: any Channel) {
    quiet[ObjectIdentifier(channel)] = nil
    while let first = order.first, quiet[first] == nil { order.removeFirst() }
  }

  private func closeOldest() -> Bool {
    while let first = order.first {
      order.removeFirst()
      if let channel = quiet.removeValue(forKey: first) {
        channel.close(promise: nil)
        return true
      }
    }
    return false
  }
}
