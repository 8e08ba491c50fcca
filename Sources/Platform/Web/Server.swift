internal import Base
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// Where the platform listens.
package struct ServerPlace: Sendable {
  package var host: String
  /// 0: any, told when it is open.
  package var port: Int
  /// PEM files: the chain, the leaf first, and its key.
  package var certificate: String
  package var key: String

  package init(host: String, port: Int, certificate: String, key: String) {
    self.host = host
    self.port = port
    self.certificate = certificate
    self.key = key
  }
}

/// The address of who is connected goes with each request.
struct VisitContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let address: String
  /// Of the connection.
  let loop: any EventLoop

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    loop = source.channel.eventLoop
    address = source.channel.remoteAddress?.ipAddress ?? ""
  }
}

/// Brings requests from the network to threads that may wait, and their answers back.
package final class PlatformServer: Sendable {
  private let site: Site
  private let quick: Workers
  private let passwords: Workers
  private let threads: Int

  /// - Parameter open: a connection for each thread.
  package init(_ site: Site, threads: Int, open: () throws(DatabaseError) -> Store) throws(DatabaseError) {
    self.site = site
    self.threads = threads
    quick = try Workers(count: threads, limit: 512, open: open)
    passwords = try Workers(count: 1, limit: 16, open: open)
  }

  /// Serves until a signal ends it: SIGINT and SIGTERM let what has begun come to its end.
  ///
  /// - Parameter ready: called once with the port.
  package func run(_ place: ServerPlace, ready: @escaping @Sendable (Int) -> Void) async throws {
    let chain = try NIOSSLCertificate.fromPEMFile(place.certificate).map { NIOSSLCertificateSource.certificate($0) }
    let key = try NIOSSLPrivateKey(file: place.key, format: .pem)
    var tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    tls.minimumTLSVersion = .tlsv12
    tls.applicationProtocols = ["http/1.1"]
    var logger = Logger(label: "platform")
    logger.logLevel = .error
    let descriptors = DescriptorLimit.raise(to: 8192)
    let connections = Connections(limit: Connections.limit(descriptors: descriptors, threads: threads))
    let application = Application(
      router: router,
      server: try .tls(
        .http1(configuration: .init(additionalChannelHandlers: [Patience(connections)])), tlsConfiguration: tls),
      configuration: ApplicationConfiguration(address: .hostname(place.host, port: place.port), serverName: nil),
      onServerRunning: { channel in ready(channel.localAddress?.port ?? 0) }, logger: logger)
    defer {
      quick.end()
      passwords.end()
    }
    try await withTaskExecutorPreference(LoopExecutor()) { try await application.runService() }
  }

  var router: Router<VisitContext> {
    let router = Router(context: VisitContext.self, options: .autoGenerateHeadEndpoints)
    for route in Route.all {
      guard let method = HTTPRequest.Method(route.method) else { continue }
      router.on(RouterPath(route.path), method: method) { [self] request, context in
        try await answer(route, request, context)
      }
    }
    router.get("**") { [site] request, _ in
      Self.response(site.finished(Plain.notFound(site, Self.language(request))))
    }
    return router
  }

  private func answer(_ route: Route, _ request: Request, _ context: VisitContext) async throws -> Response {
    var raw = RawRequest(method: route.method, path: request.uri.path)
    raw.query = Array((request.uri.query ?? "").utf8)
    let proxies = site.configuration.proxies
    raw.address = proxies.visitor(
      peer: context.address,
      request.headers.filter { $0.name.canonicalName == proxies.header.rawValue }.map(\.value))
    for (name, value) in context.parameters { raw.parameters[String(name)] = String(value) }
    for field in request.headers where raw.headers[field.name.canonicalName] == nil {
      raw.headers[field.name.canonicalName] = field.value
    }
    raw.headers["cookie"] = Self.cookies(request)
    if route.method == "POST" {
      do {
        raw.body = Array(try await request.body.collect(upTo: route.limit).readableBytesView)
      } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
        var response = Self.response(site.finished(Plain.tooLarge(site, Self.language(request))))
        response.headers[.connection] = "close"
        return response
      }
    }
    let lane = route.lane == .password ? passwords : quick
    let site = site
    let complete = raw
    let reply: Reply = await withCheckedContinuation { continuation in
      let isTaken = lane.add { store in
        let reply = site.answer(route, complete, store)
        // Where its connection is, so that it goes on there.
        context.loop.execute { continuation.resume(returning: reply) }
      }
      if !isTaken { continuation.resume(returning: site.finished(Plain.busy(site, Self.language(request)))) }
    }
    return Self.response(reply)
  }

  /// Several Cookie headers are one, as HTTP/2 splits them.
  private static func cookies(_ request: Request) -> String {
    request.headers[values: .cookie].joined(separator: "; ")
  }

  private static func language(_ request: Request) -> PageLanguage {
    var raw = RawRequest(method: "GET", path: "")
    raw.headers["cookie"] = cookies(request)
    return PageLanguage(choice: Visit.cookie(Visit.languageCookie, raw), accepts: request.headers[.acceptLanguage])
  }

  private static func response(_ reply: Reply) -> Response {
    var headers = HTTPFields()
    for (name, value) in reply.headers {
      if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
    }
    return Response(
      status: HTTPResponse.Status(code: reply.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
  }
}
