import NIOCore

/// What later handlers tell ``PatienceHandler``.
enum Progress: Sendable {
  /// A request or message is complete.
  case complete
  /// It was answered; the next one may take its time.
  case answered
  /// From now on the connection may be quiet for ever.
  case upgraded
}

/// Waits a minute for the first byte and not so long for the rest; counts what comes before a request is complete.
final class PatienceHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes of one request with its headers, and of what may be behind it.
  private static let byteLimit = RequestCheck.bodyLimit + 128 * 1024

  private let limits: ServerLimits
  private let connections: Connections
  private var deadline: Scheduled<Void>?
  private var isReading = false
  private var isHeard = false
  private var isBusy = false
  private var isUpgraded = false
  private var count = 0

  init(_ limits: ServerLimits, _ connections: Connections) {
    self.limits = limits
    self.connections = connections
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { wait(limits.firstByte, context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    if deadline == nil { wait(limits.firstByte, context) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isHeard {
      isHeard = true
      connections.heard(context.channel)
    }
    count += unwrapInboundIn(data).readableBytes
    guard count <= Self.byteLimit else {
      context.close(promise: nil)
      return
    }
    if !isReading, !isBusy {
      isReading = true
      wait(limits.request, context)
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard let progress = event as? Progress else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    promise?.succeed()
    count = 0
    isReading = false
    deadline?.cancel()
    deadline = nil
    switch progress {
    case .complete:
      isBusy = !isUpgraded
      connections.isBusy(context.channel)
    case .answered:
      isBusy = false
      if !isUpgraded {
        connections.isIdle(context.channel)
        wait(limits.firstByte, context)
      }
    case .upgraded:
      isBusy = false
      isUpgraded = true
    }
  }

  private func wait(_ milliseconds: Int64, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { channel.close(promise: nil) }
  }
}
