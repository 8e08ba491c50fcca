import KeyService
import LoginToken
import NIOCore
import NIOWebSocket

/// The messages of one WebSocket, answered strictly in the order in which they came: some scripts tell answers apart by
/// nothing else.
final class SocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let door: Door
  private let origin: WebOrigin
  private let ticket = PromptTicket()
  private var waiting: [[UInt8]] = []
  private var isBusy = false
  private var isClosing = false
  private var listener: Int?

  init(_ door: Door, _ origin: WebOrigin) {
    self.door = door
    self.origin = origin
  }

  func handlerAdded(context: ChannelHandlerContext) {
    // Some pages are told of keys without having asked.
    if door.adapter.listensUnasked { listen(context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.maskKey != nil else {
      close(.protocolError, context)
      return
    }
    guard !isClosing else { return }
    context.triggerUserOutboundEvent(Progress.complete, promise: nil)
    switch frame.opcode {
    case .text, .binary:
      guard waiting.count < door.limits.waiting else {
        close(.policyViolation, context)
        return
      }
      waiting.append(Array(frame.unmaskedData.readableBytesView))
      next(context)
    case .ping:
      send(.pong, frame.unmaskedData, context)
    case .connectionClose:
      close(.normalClosure, context)
    case .pong: break
    default: close(.protocolError, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    ticket.withdraw()
    listener.map(door.shelf.forget)
    listener = nil
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { close(.protocolError, context) }

  private func next(_ context: ChannelHandlerContext) {
    guard !isBusy, !waiting.isEmpty else { return }
    isBusy = true
    let call = door.adapter.call(waiting.removeFirst())
    if call.listens == true { listen(context) }
    if call.listens == false {
      listener.map(door.shelf.forget)
      listener = nil
    }
    let loop = context.eventLoop
    let bound = NIOLoopBound((self, context), eventLoop: loop)
    door.desk.perform(call.operation, function: call.function, for: door.caller(origin), ticket) { outcome in
      let answer = call.answer(outcome)
      loop.execute {
        let (handler, context) = bound.value
        handler.isBusy = false
        guard context.channel.isActive else { return }
        handler.send(.text, ByteBuffer(bytes: answer), context)
        handler.next(context)
      }
    }
  }

  /// Sends what the adapter has to say of each key that comes or goes.
  private func listen(_ context: ChannelHandlerContext) {
    guard listener == nil else { return }
    let loop = context.eventLoop
    let adapter = door.adapter
    let bound = NIOLoopBound((self, context), eventLoop: loop)
    let (desk, caller) = (door.desk, door.caller(origin))
    listener = door.shelf.listen { change in
      // What was taken back from a site is taken back from the connections that it has, too.
      guard caller.isOwnPage || desk.grants.permissions(of: caller.origin, through: caller.adapter).contains(.read),
        let message = adapter.push(change)
      else { return }
      loop.execute {
        let (handler, context) = bound.value
        if context.channel.isActive, !handler.isClosing { handler.send(.text, ByteBuffer(bytes: message), context) }
      }
    }
  }

  private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }

  private func close(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
    guard !isClosing else { return }
    isClosing = true
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)))
      .whenComplete { _ in channel.close(promise: nil) }
  }
}
