package import KeyService

/// What the server opens, and how much it lets in.
package struct ServerSettings: Sendable {
  /// Adapters that are switched on, each with the ports it opens.
  package var adapters: [(adapter: any Adapter, ports: [AdapterPort])]
  /// PEM of the certificate and key for ports with TLS; `nil` leaves these ports closed.
  package var tls: TLSFiles?
  /// Makes these files anew when their time is nearly over. Called at the start and then daily, when a page comes.
  package var renewal: (@Sendable () -> Void)?
  package var limits: ServerLimits

  package init(
    adapters: [(adapter: any Adapter, ports: [AdapterPort])], tls: TLSFiles? = nil,
    renewal: (@Sendable () -> Void)? = nil, limits: ServerLimits = ServerLimits()
  ) {
    self.adapters = adapters
    self.tls = tls
    self.renewal = renewal
    self.limits = limits
  }
}

package struct TLSFiles: Sendable, Equatable {
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

package struct ServerLimits: Sendable, Equatable {
  /// Milliseconds until the first byte: the browser's own question to its user may be open so long.
  package var firstByte: Int64 = 60_000
  /// Milliseconds from the first byte of a request or message to its last.
  package var request: Int64 = 10_000
  /// Connections of one adapter on which nothing has come yet. The oldest gives way.
  package var quiet = 64
  /// Connections of one adapter in all.
  package var connections = 512
  /// Messages of one WebSocket that wait for their turn.
  package var waiting = 32

  package init() {}

  /// What the process needs for keys, prompts and the holder's own programs.
  private static let reserve = 128

  /// No more connections than can be open: connections of all interfaces together leave something for the service itself, which
  /// could otherwise neither take a newcomer nor see whose a connection is.
  ///
  /// - Parameter descriptors: of the whole process.
  package mutating func fit(interfaces: Int, descriptors: Int) {
    connections = max(16, min(connections, (descriptors - Self.reserve) / max(interfaces, 1)))
    quiet = min(quiet, connections / 2)
  }
}
