import Glibc
package import KeyService
import NIOCore
import NIOPosix

/// The sockets of the key service: one event loop, on this machine's own addresses only.
package final class KeyServer: Sendable {
  /// What became of one port.
  package struct PortState: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
      case open
      /// Another program has it.
      case taken
      /// It needs a certificate and there is none.
      case noCertificate
      case failed(String)
    }

    package var adapter: String
    package var port: AdapterPort
    package var address: String
    package var content: Content
  }

  package let ports: [PortState]
  private let group: MultiThreadedEventLoopGroup
  private let channels: [any Channel]

  /// Opens every port that can be opened; what became of each stands in ``ports``.
  ///
  /// - Parameter page: the service's own, on the port of the adapter `ukey`.
  package init(_ settings: ServerSettings, desk: ServiceDesk, shelf: KeyShelf, page: ProvingPage) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    var states: [PortState] = []
    var channels: [any Channel] = []
    var tls: NIOLoopBoundBox<TLSIdentity>?
    if let files = settings.tls, let identity = TLSIdentity(files, renewal: settings.renewal) {
      tls = .makeBoxSendingValue(identity, eventLoop: loop)
    }
    for (adapter, ports) in settings.adapters {
      let counts = NIOLoopBoundBox.makeBoxSendingValue(Connections(settings.limits), eventLoop: loop)
      for port in ports {
        for address in ["127.0.0.1", "::1"] {
          var state = PortState(adapter: adapter.name, port: port, address: address, content: .open)
          if port.isTLS, tls == nil {
            state.content = .noCertificate
            states.append(state)
            continue
          }
          do {
            let listener = Listener(
              desk: desk, shelf: shelf, adapter: adapter, limits: settings.limits,
              page: adapter.name == "ukey" ? page : nil,
              tls: port.isTLS ? tls : nil)
            // Both addresses have the same number, also where the system chooses it.
            let wanted = states.last.flatMap { $0.address == "127.0.0.1" && address == "::1" ? $0.port.number : nil }
            let channel = try listener.open(group, address, wanted ?? port.number, counts)
            state.port.number = UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0)
            channels.append(channel)
          } catch let error as IOError where error.errnoCode == EADDRINUSE {
            state.content = .taken
          } catch {
            state.content = .failed("\(error)")
          }
          states.append(state)
        }
      }
    }
    self.channels = channels
    ports = states
    page.show(states)
  }

  /// Closes all ports and connections and waits for the event loop's end.
  package func close() {
    for channel in channels { channel.close(promise: nil) }
    try? group.syncShutdownGracefully()
  }
}
