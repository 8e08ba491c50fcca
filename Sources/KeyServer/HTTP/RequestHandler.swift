import KeyService
import LoginToken
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers the requests of one connection, one after the other.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case idle
    case reading(HTTPRequestHead, RequestCheck.Kind, [UInt8])
    /// The rest of a request that was refused is read and dropped.
    case dropping
    case answering
  }

  private let door: Door
  private let ticket = PromptTicket()
  private var state = State.idle
  private var keepsAlive = true
  /// Headers that a preflight asks for.
  private var asked: [String] = []
  private var cookies: [String] = []

  init(_ door: Door) { self.door = door }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .idle): begin(head, context)
    case (.body(let buffer), .reading(let head, let kind, var body)):
      // Set aside while it grows, so that it is not copied.
      state = .idle
      body.append(contentsOf: buffer.readableBytesView)
      guard body.count <= RequestCheck.bodyLimit else {
        refuse(head, .bodyTooLarge, context)
        return
      }
      state = .reading(head, kind, body)
    case (.end, .reading(let head, let kind, let body)):
      state = .answering
      asked = head.headers["access-control-request-headers"]
      cookies = head.headers["cookie"]
      context.triggerUserOutboundEvent(Progress.complete, promise: nil)
      carryOut(kind, body, context)
    case (_, .dropping): break
    // A second request before the first is answered.
    case (.head, _), (.body, _), (.end, _): context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    ticket.withdraw()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The upgrade was refused; its request comes here next, and is told why.
    if error is NIOWebSocketUpgradeError { return }
    context.close(promise: nil)
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    keepsAlive = head.isKeepAlive
    do throws(RequestCheck.Problem) {
      let kind = try door.judge(head)
      // One that the upgrade has refused already.
      if case .upgrade = kind {
        end(.refused(Refusal.notPermitted), context)
        return
      }
      state = .reading(head, kind, [])
    } catch {
      refuse(head, error, context)
    }
  }

  private func refuse(_ head: HTTPRequestHead, _ problem: RequestCheck.Problem, _ context: ChannelHandlerContext) {
    door.log(head, problem.rawValue)
    end(.refused(problem), context)
  }

  /// The last answer on this connection: what else it sends is not worth reading.
  private func end(_ answer: Answer, _ context: ChannelHandlerContext) {
    state = .dropping
    keepsAlive = false
    write(answer, context)
  }

  private func carryOut(_ kind: RequestCheck.Kind, _ body: [UInt8], _ context: ChannelHandlerContext) {
    switch kind {
    case .page(let path):
      guard let file = door.page?.files[path] else {
        write(.refused(RequestCheck.Problem.path), context)
        return
      }
      write(.page(file), context)
    case .moved(let place):
      var answer = Answer(308)
      answer.headers.add(name: "location", value: place)
      write(answer, context)
    case .check(let path):
      let cookie = cookies.last
      guard let page = door.page, let reply = page.answer(path, body, session: cookie, port: door.port) else {
        write(.refused(RequestCheck.Problem.path), context)
        return
      }
      write(.check(reply), context)
    case .preflight(let origin):
      admitted(origin, context) { handler, context in
        handler.write(.preflight(origin, asked: handler.asked), context)
      }
    case .call(let origin):
      admitted(origin, context) { handler, context in handler.call(body, origin, context) }
    case .upgrade: write(.refused(Refusal.notPermitted), context)
    }
  }

  /// Goes on when the holder has allowed this origin.
  private func admitted(
    _ origin: WebOrigin, _ context: ChannelHandlerContext,
    _ next: @escaping @Sendable (RequestHandler, ChannelHandlerContext) -> Void
  ) {
    let loop = context.eventLoop
    let bound = NIOLoopBound((self, context), eventLoop: loop)
    let caller = door.caller(origin)
    let (desk, name) = (door.desk, door.adapter.name)
    desk.admit(caller, wants: door.adapter.wants, ticket) { refusal in
      loop.execute {
        let (handler, context) = bound.value
        guard context.channel.isActive else { return }
        if let refusal {
          desk.note(origin: origin.description, adapter: name, function: "admission", outcome: refusal.name)
          handler.write(.refused(refusal), context)
        } else {
          next(handler, context)
        }
      }
    }
  }

  private func call(_ body: [UInt8], _ origin: WebOrigin, _ context: ChannelHandlerContext) {
    let loop = context.eventLoop
    let bound = NIOLoopBound((self, context), eventLoop: loop)
    let call = door.adapter.call(body)
    let contentType = door.adapter.contentType
    door.desk.perform(call.operation, function: call.function, for: door.caller(origin), ticket) { outcome in
      let answer = Answer(200, call.answer(outcome), contentType: contentType, origin: origin)
      loop.execute {
        let (handler, context) = bound.value
        handler.write(answer, context)
      }
    }
  }

  private func write(_ answer: Answer, _ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    var answer = answer
    if !keepsAlive { answer.headers.replaceOrAdd(name: "connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    }
    let isLast = !keepsAlive
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      if isLast { channel.close(promise: nil) }
    }
    guard keepsAlive else { return }
    state = .idle
    context.triggerUserOutboundEvent(Progress.answered, promise: nil)
  }
}
