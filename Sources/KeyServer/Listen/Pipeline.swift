import KeyService
import LoginToken
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOWebSocket

/// Puts together what one connection goes through. On the event loop.
struct Pipeline {
  let door: Door
  let tls: NIOSSLContext?

  func set(up channel: any Channel) throws {
    guard door.connections.opened(channel) else { throw ChannelError.connectPending }
    let connections = NIOLoopBound(door.connections, eventLoop: channel.eventLoop)
    channel.closeFuture.whenComplete { _ in connections.value.closed(channel) }
    let sync = channel.pipeline.syncOperations
    if let tls { try sync.addHandler(NIOSSLServerHandler(context: tls)) }
    try sync.addHandler(PatienceHandler(door.limits, door.connections))
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 * 1024
    limits.maxHeaderListSize = 64 * 1024
    limits.maxHeaderFieldCount = 100
    let requests = RequestHandler(door)
    let upgraders: [any HTTPServerProtocolUpgrader] =
      door.adapter.transport.contains(.socket) ? [upgrader(channel.eventLoop)] : []
    let bound = NIOLoopBound(requests, eventLoop: channel.eventLoop)
    try sync.configureHTTPServerPipeline(
      withPipeliningAssistance: false,
      withServerUpgrade: (
        upgraders: upgraders,
        completionHandler: { context in
          context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
        }
      ), withErrorHandling: true, withEncoderConfiguration: .init(),
      withDecoderLimitConfiguration: limits)
    try sync.addHandler(requests)
  }

  private func upgrader(_ loop: any EventLoop) -> NIOWebSocketServerUpgrader {
    let door = NIOLoopBound(door, eventLoop: loop)
    return NIOWebSocketServerUpgrader(
      maxFrameSize: RequestCheck.bodyLimit,
      shouldUpgrade: { channel, head in Self.admit(channel, head, door.value) },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          guard case .upgrade(let origin, _) = try door.value.judge(head) else { throw ChannelError.eof }
          let sync = channel.pipeline.syncOperations
          try sync.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 64,
              maxAccumulatedFrameSize: RequestCheck.bodyLimit))
          try sync.addHandler(SocketHandler(door.value, origin))
          channel.triggerUserOutboundEvent(Progress.upgraded, promise: nil)
        }
      })
  }

  /// Holds the handshake until the holder has allowed the origin.
  private static func admit(
    _ channel: any Channel, _ head: HTTPRequestHead, _ door: Door
  ) -> EventLoopFuture<HTTPHeaders?> {
    let loop = channel.eventLoop
    let kind: RequestCheck.Kind
    do throws(RequestCheck.Problem) { kind = try door.judge(head) } catch { return loop.makeSucceededFuture(nil) }
    guard case .upgrade(let origin, let subprotocol) = kind else { return loop.makeSucceededFuture(nil) }
    // The browser waits for the holder, and so do we.
    channel.triggerUserOutboundEvent(Progress.complete, promise: nil)
    let ticket = PromptTicket()
    channel.closeFuture.whenComplete { _ in ticket.withdraw() }
    let promise = loop.makePromise(of: HTTPHeaders?.self)
    let (desk, name) = (door.desk, door.adapter.name)
    desk.admit(door.caller(origin), wants: door.adapter.wants, ticket) { refusal in
      if let refusal {
        desk.note(origin: origin.description, adapter: name, function: "admission", outcome: refusal.name)
        promise.succeed(nil)
      } else {
        promise.succeed(HTTPHeaders(subprotocol.map { [("sec-websocket-protocol", $0)] } ?? []))
      }
    }
    return promise.futureResult
  }
}
