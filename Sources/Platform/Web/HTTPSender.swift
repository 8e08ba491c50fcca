internal import Base
internal import LoginToken
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
internal import StrictJSON

/// Sends each message by one HTTP request, made from a template: what a gateway wants differs with each.
package struct HTTPSender: MessageSender {
  private let origin: WebOrigin
  private let path: String
  private let type: String
  private let body: String
  private let header: (name: String, value: String)?
  /// What the answer has to contain; many gateways answer 200 whatever became of it.
  private let ok: String

  /// PEM file of the CAs to believe instead of the system's.
  package var authority: String?
  /// The whole of it, from connecting to the end of the answer.
  package var seconds = 15

  private static let answerLimit = 64 << 10

  /// - Parameters:
  ///   - url: `https://HOST[:PORT]/PATH`; `http` only for this machine.
  ///   - body: with `{mobile}` and `{text}`, which are written as `type` asks for (JSON or a form); any other type as they are.
  /// - Returns: `nil` when the address is none.
  package init?(url: String, type: String, body: String, header: String?, ok: String) {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let end = url[scheme.upperBound...].firstIndex(of: "/") ?? url.endIndex
    guard let origin = WebOrigin(String(url[..<end])), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    self.origin = origin
    path = end == url.endIndex ? "/" : String(url[end...])
    self.type = type
    self.body = body
    self.ok = ok
    let parts = (header ?? "").split(separator: ":", maxSplits: 1).map { RegistrationForm.trimmed(String($0)) }
    guard header == nil || parts.count == 2 else { return nil }
    self.header = header == nil ? nil : (parts[0], parts[1])
  }

  package func send(_ message: OutboxMessage) -> String? {
    do {
      let answer = try request(content(message))
      guard (200..<300).contains(answer.status) else { return "HTTP \(answer.status)" }
      return ok.isEmpty || answer.body.contains(ok)
        ? nil : "answer: " + String(answer.body.filter { $0 != "\n" }.prefix(100))
    } catch {
      return "\(error)"
    }
  }

  func content(_ message: OutboxMessage) -> String {
    var result = ""
    var rest = body[...]
    // In one pass: what a message says is not taken for a place of the template.
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{mobile}") {
        result += written(message.recipient)
        rest = rest.dropFirst(8)
      } else if rest.hasPrefix("{text}") {
        result += written(message.body)
        rest = rest.dropFirst(6)
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private func written(_ text: String) -> String {
    if type.hasPrefix("application/json") { return String(JSONValue.string(text).line.dropFirst().dropLast()) }
    if type.hasPrefix("application/x-www-form-urlencoded") { return AdministratorPages.encoded(text) }
    return text
  }

  private struct Answer: Sendable {
    var status: Int
    var body: String
  }

  /// Waits: never on an event loop.
  private func request(_ content: String) throws -> Answer {
    let group = MultiThreadedEventLoopGroup.singleton
    let answer = group.next().makePromise(of: Answer.self)
    let host = String(origin.host.drop { $0 == "[" }.prefix { $0 != "]" })
    let time = TimeAmount.seconds(Int64(seconds))
    let tls = origin.scheme == "https" ? try context() : nil
    let connection = ClientBootstrap(group: group).connectTimeout(time).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let line = channel.pipeline.syncOperations
        if let tls { try line.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: host)) }
        try line.addHTTPClientHandlers()
        try line.addHandler(AnswerHandler(answer))
      }
    }.connect(host: host, port: origin.port ?? (origin.scheme == "https" ? 443 : 80))
    connection.whenFailure { answer.fail($0) }
    let late = group.next().scheduleTask(in: time) { answer.fail(ChannelError.connectTimeout(time)) }
    connection.whenSuccess { channel in write(content, to: channel) }
    defer {
      late.cancel()
      connection.whenSuccess { $0.close(promise: nil) }
    }
    return try answer.futureResult.wait()
  }

  private func context() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authority { configuration.trustRoots = .file(authority) }
    return try NIOSSLContext(configuration: configuration)
  }

  private func write(_ content: String, to channel: any Channel) {
    let bytes = ByteBuffer(string: content)
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
    head.headers.add(name: "Host", value: origin.host + (origin.port.map { ":\($0)" } ?? ""))
    head.headers.add(name: "Content-Type", value: type)
    head.headers.add(name: "Content-Length", value: String(bytes.readableBytes))
    head.headers.add(name: "Connection", value: "close")
    if let header { head.headers.add(name: header.name, value: header.value) }
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    channel.write(HTTPClientRequestPart.body(.byteBuffer(bytes)), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// Gathers one answer. On its event loop only.
  private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<Answer>
    private var status = 0
    private var bytes = ByteBuffer()

    init(_ promise: EventLoopPromise<Answer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): status = Int(head.status.code)
      case .body(var part): if bytes.readableBytes < HTTPSender.answerLimit { bytes.writeBuffer(&part) }
      case .end: promise.succeed(Answer(status: status, body: String(buffer: bytes)))
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      promise.fail(error)
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
  }
}
