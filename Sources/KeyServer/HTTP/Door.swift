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
  /// The service's own page; `nil` on other ports.
  let page: ProvingPage?
  private let peer: PeerOwner?
  private lazy var isOwnUser = peer?.isOurs ?? false

  init(
    desk: ServiceDesk, shelf: KeyShelf, adapter: any Adapter, port: UInt16, limits: ServerLimits,
    connections: Connections, page: ProvingPage?, peer: PeerOwner?
  ) {
    self.desk = desk
    self.shelf = shelf
    self.adapter = adapter
    self.port = port
    self.limits = limits
    self.connections = connections
    self.page = page
    self.peer = peer
  }

  func judge(_ head: HTTPRequestHead) throws(RequestCheck.Problem) -> RequestCheck.Kind {
    guard isOwnUser else { throw .otherUser }
    return try RequestCheck.judge(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) },
      adapter: adapter, port: port, hasPage: page != nil)
  }

  func caller(_ origin: WebOrigin) -> Caller {
    let isOwnPage = page != nil && origin.description == RequestCheck.ownOrigin(port)
    return Caller(origin: origin, adapter: adapter.family, isOwnPage: isOwnPage)
  }

  /// A request that was not even read.
  func log(_ head: HTTPRequestHead, _ reason: String) {
    desk.note(
      origin: head.headers.first(name: "origin") ?? "", adapter: adapter.name, function: head.method.rawValue,
      outcome: reason)
  }
}
