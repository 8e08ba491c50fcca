import KeyService
import LoginToken
import NIOCore
import NIOHTTP1

/// What all connections of one port share. Used on the event loop only.
final class Door {
  let desk: ServiceDesk
  let shelf: KeyShelf
  let adapter: any Adapter
  let port: UInt16
  let limits: ServerLimits
  let connections: Connections
  /// Path → content type and bytes of the service's own page; empty on other ports.
  let page: [String: PageFile]

  init(
    desk: ServiceDesk, shelf: KeyShelf, adapter: any Adapter, port: UInt16, limits: ServerLimits,
    connections: Connections, page: [String: PageFile]
  ) {
    self.desk = desk
    self.shelf = shelf
    self.adapter = adapter
    self.port = port
    self.limits = limits
    self.connections = connections
    self.page = page
  }

  func judge(_ head: HTTPRequestHead) throws(RequestCheck.Problem) -> RequestCheck.Kind {
    try RequestCheck.judge(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) },
      adapter: adapter, port: port, hasPage: !page.isEmpty)
  }

  func caller(_ origin: WebOrigin) -> Caller { Caller(origin: origin, adapter: adapter.family) }

  /// A request that was not even read.
  func log(_ head: HTTPRequestHead, _ reason: String) {
    desk.note(
      origin: head.headers.first(name: "origin") ?? "", adapter: adapter.name, function: head.method.rawValue,
      outcome: reason)
  }
}

/// A file of the service's own page.
struct PageFile: Sendable {
  var contentType: String
  var bytes: [UInt8]
}
