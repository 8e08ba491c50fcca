import KeyService
import NIOCore
import NIOPosix

/// One listening socket.
struct Listener: Sendable {
  let desk: ServiceDesk
  let shelf: KeyShelf
  let adapter: any Adapter
  let limits: ServerLimits
  let page: ProvingPage?
  let tls: NIOLoopBoundBox<TLSIdentity>?

  /// - Parameter counts: the connections of this adapter, on the event loop of `group`.
  func open(
    _ group: MultiThreadedEventLoopGroup, _ address: String, _ port: UInt16, _ counts: NIOLoopBoundBox<Connections>
  ) throws -> any Channel {
    let listener = self
    return try ServerBootstrap(group: group)
      .serverChannelOption(ChannelOptions.backlog, value: 128)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let door = Door(
            desk: listener.desk, shelf: listener.shelf, adapter: listener.adapter,
            port: UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0), limits: listener.limits,
            connections: counts.value, page: listener.page,
            peer: PeerOwner(peer: channel.remoteAddress, ours: channel.localAddress))
          try Pipeline(door: door, tls: listener.tls?.value.current).set(up: channel)
        }
      }
      .bind(host: address, port: Int(port)).wait()
  }
}
