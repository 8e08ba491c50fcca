import NIOCore
import NIOEmbedded
import Testing

@testable import Platform

/// Visitors who only stay, and those who drip.
@Suite struct ConnectionTests {
  private let limits = Patience.Limits(head: .seconds(30), rest: .seconds(60))

  private func open(_ connections: Connections) throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handler: Patience(connections, limits))
    try channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 443)).wait()
    return channel
  }

  /// What one closes of another is done on the other's loop.
  private func settle(_ channels: [EmbeddedChannel]) { for channel in channels { channel.embeddedEventLoop.run() } }

  private func pass(_ seconds: Int64, _ channel: EmbeddedChannel) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  @Test func whoSaysNothingIsClosed() throws {
    let connections = Connections(limit: 10)
    let channel = try open(connections)
    pass(29, channel)
    #expect(channel.isActive && connections.count == 1)
    pass(1, channel)
    #expect(!channel.isActive && connections.count == 0)
  }

  @Test func aBodyThatDripsIsClosed() throws {
    let connections = Connections(limit: 10)
    let channel = try open(connections)
    for _ in 0..<6 where channel.isActive {
      try channel.writeInbound("part")
      pass(11, channel)
    }
    #expect(!channel.isActive && connections.count == 0)
  }

  @Test func whoAsksAgainAndAgainStays() throws {
    let connections = Connections(limit: 10)
    let channel = try open(connections)
    for _ in 0..<20 {
      try channel.writeInbound("head")
      pass(40, channel)
      try channel.writeOutbound("answer")
      pass(20, channel)
      #expect(channel.isActive)
    }
    // One that does not take its answers any more.
    pass(30, channel)
    #expect(!channel.isActive)
  }

  @Test func theOldestThatNobodyWaitsForGivesWay() throws {
    let connections = Connections(limit: 3)
    let channels = try (0..<3).map { _ in try open(connections) }
    try channels[0].writeInbound("head")
    let fourth = try open(connections)
    settle(channels)
    #expect(channels.map(\.isActive) == [true, false, true] && fourth.isActive && connections.count == 3)
    // Answered a moment ago: it has waited the least.
    try channels[0].writeOutbound("answer")
    let fifth = try open(connections)
    settle(channels)
    #expect(channels.map(\.isActive) == [true, false, false] && fourth.isActive && fifth.isActive)
    for channel in [channels[0], fourth, fifth] { try channel.writeInbound("head") }
    // Somebody waits on each of them: there is no room.
    let sixth = try open(connections)
    settle([sixth])
    #expect(!sixth.isActive)
    #expect(channels[0].isActive && fourth.isActive && fifth.isActive && connections.count == 3)
  }

  @Test func manyThatComeAndGo() throws {
    let connections = Connections(limit: 50)
    var channels: [EmbeddedChannel] = []
    for _ in 0..<1000 {
      channels.append(try open(connections))
      settle(channels.suffix(60))
    }
    #expect(connections.count == 50 && channels.map(\.isActive) == (0..<1000).map { $0 >= 950 })
  }

  @Test func somethingIsLeftForTheRest() {
    #expect(Connections.limit(descriptors: 1024, threads: 4) == 864)
    #expect(Connections.limit(descriptors: 20, threads: 4) == 16)
  }
}
