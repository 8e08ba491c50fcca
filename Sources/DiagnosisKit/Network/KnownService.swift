/// A program on this computer that web pages speak to, by the port it is documented to listen on.
package struct KnownService: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// Answers a WebSocket upgrade at this path with 101.
    case webSocket(path: String)
    /// Answers plain HTTP at this path with anything but 404.
    case http(path: String)
    /// Named by a user, or not known better: any HTTP answer at this path will do.
    case any(path: String)

    /// What it speaks is known, so that another program at its port does not pass for it.
    var isKnown: Bool { if case .any = self { false } else { true } }
  }

  /// As given to `--service`.
  package var name: String
  package var title: String
  package var port: UInt16
  package var tls: Bool
  package var kind: Kind

  package init(name: String, title: String, port: UInt16, tls: Bool, kind: Kind) {
    self.name = name
    self.title = title
    self.port = port
    self.tls = tls
    self.kind = kind
  }

  /// Ports from public scripts and programs of the vendors. What is asked there is harmless: no function of theirs.
  package static let all: [KnownService] = [
    // Docs/key-service.md
    KnownService(name: "ukey", title: "ukey", port: 21517, tls: false, kind: .webSocket(path: "/ukey/1")),
    // harukiiiiiiiii/bjca-macos
    KnownService(name: "bjca", title: "BJCA XTXSAppCOM", port: 21051, tls: false, kind: .webSocket(path: "/xtxapp/")),
    KnownService(
      name: "bjca-tls", title: "BJCA XTXSAppCOM", port: 21061, tls: true, kind: .webSocket(path: "/xtxapp/")),
    // NETCA CryptoKit's public script tries these three.
    KnownService(name: "netca", title: "NETCA CryptoKit", port: 10443, tls: true, kind: .webSocket(path: "/")),
    KnownService(name: "netca-2", title: "NETCA CryptoKit", port: 20443, tls: true, kind: .webSocket(path: "/")),
    KnownService(name: "netca-3", title: "NETCA CryptoKit", port: 30443, tls: true, kind: .webSocket(path: "/")),
    // Longmai's public mToken script
    KnownService(name: "mtoken", title: "Longmai mToken", port: 51235, tls: false, kind: .http(path: "/alpha")),
    KnownService(name: "mtoken-tls", title: "Longmai mToken", port: 51245, tls: true, kind: .http(path: "/alpha")),
    // netdebug/UKEY
    KnownService(
      name: "rs-agent", title: "RS Agent", port: 11200, tls: false, kind: .http(path: "/")),
    // What it answers is not known, so that any program at this port would pass for it.
    KnownService(name: "zayk", title: "ZAYK", port: 13555, tls: false, kind: .any(path: "/")),
    // SZCA's SOAP service, of its public page scripts.
    KnownService(name: "szca", title: "SZCA", port: 9528, tls: false, kind: .http(path: "/Service1.asmx")),
    KnownService(name: "szca-2", title: "SZCA", port: 21317, tls: false, kind: .http(path: "/Service1.asmx")),
    KnownService(name: "szca-tls", title: "SZCA", port: 18981, tls: true, kind: .http(path: "/Service1.asmx")),
    KnownService(name: "szca-ws", title: "SZCA", port: 23838, tls: false, kind: .webSocket(path: "/")),
    KnownService(name: "szca-wss", title: "SZCA", port: 23939, tls: true, kind: .webSocket(path: "/")),
  ]

  /// This program's own key service answers there too, as it is delivered (Docs/key-service.md, section 3).
  package var isAnsweredByUkey: Bool { ["ukey", "szca", "szca-2", "szca-ws"].contains(name) }

  /// What is asked for there.
  var path: String {
    switch kind {
    case .webSocket(let path), .http(let path), .any(let path): path
    }
  }

  /// A name of ``all``, or `https://127.0.0.1:PORT`, `wss://…`, `http://…`, `ws://…` with an optional path.
  package init?(_ text: String) {
    if let known = Self.all.first(where: { $0.name == text }) {
      self = known
      return
    }
    for (scheme, tls, socket) in [
      ("https://", true, false), ("wss://", true, true), ("http://", false, false), ("ws://", false, true),
    ]
    where text.hasPrefix(scheme) {
      let rest = text.dropFirst(scheme.count)
      let slash = rest.firstIndex(of: "/") ?? rest.endIndex
      let path = slash == rest.endIndex ? "/" : String(rest[slash...])
      guard let endpoint = Endpoint(String(rest[..<slash])), ["127.0.0.1", "localhost", "::1"].contains(endpoint.host),
        path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { return nil }
      self.init(
        name: text, title: text, port: endpoint.port, tls: tls, kind: socket ? .webSocket(path: path) : .any(path: path)
      )
      return
    }
    return nil
  }
}

/// A known service that listens.
struct ListeningService: Sendable {
  var service: KnownService
  var owners: [ProcessName]
  /// Other users than ours whose it is: their programs may not be seen.
  var users: [UInt32]
  /// Connections that the program has not taken yet.
  var waiting: UInt32
  /// Pages call 127.0.0.1.
  var isOnlyIPv6: Bool
}

/// The certificates that a service showed, its own first.
struct ServiceCertificate: Sendable {
  var service: KnownService
  var chain: [[UInt8]]
  var isTrustedBySystem: Bool
  var isExpired: Bool
  var problem: String
}
