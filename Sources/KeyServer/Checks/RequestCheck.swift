package import KeyService
package import LoginToken

/// What is asked of every request before its body is read: that it was meant for this service, and by whom it was sent.
/// Looks at headers only.
package struct RequestCheck: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The service's own page, which anybody on this machine may read.
    case page(String)
    /// The same by another name of this machine; where it is. One origin is the service's own, not three.
    case moved(String)
    /// What the service's own page asks of it beside the interface.
    case check(String)
    /// CORS asks first whether the page may.
    case preflight(WebOrigin)
    case call(WebOrigin)
    case upgrade(WebOrigin, subprotocol: String?)
  }

  /// Why a request is not answered. Raw values are stable: they stand in the log and in `Docs/key-service.md`.
  package enum Problem: String, Error, Sendable, Equatable {
    /// Not exactly one Host, or one that is not this machine's (a name that was bent to point here).
    case host = "host-differs"
    /// A program of another user of this machine sent it.
    case otherUser = "other-user"
    case originMissing = "origin-missing"
    case originDoubled = "origin-doubled"
    /// `null`, or no origin at all.
    case originMalformed = "origin-malformed"
    /// A page that came without TLS: browsers refuse it too, and anybody on the way may have written it.
    case originInsecure = "origin-insecure"
    /// A form, an image or a link, not a script that may read the answer.
    case mode = "mode-refused"
    case path = "path-unknown"
    case method = "method-refused"
    case bodyTooLarge = "body-too-large"

    package var status: Int {
      switch self {
      case .path: 404
      case .method: 405
      case .bodyTooLarge: 413
      case .host: 421
      default: 403
      }
    }
  }

  /// Bytes of a body, and of a WebSocket message, at most.
  package static let bodyLimit = 256 * 1024

  package typealias Headers = [(name: String, value: String)]

  /// - Parameters:
  ///   - port: on which it came.
  ///   - hasPage: whether this port serves the service's own page.
  package static func judge(
    method: String, target: String, headers: Headers, adapter: any Adapter, port: UInt16, hasPage: Bool
  ) throws(Problem) -> Kind {
    func values(_ name: String) -> [String] {
      headers.filter { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }.map(\.value)
    }
    let hosts = values("host")
    guard hosts.count == 1, isThisMachine(hosts[0], port) else { throw .host }
    let path = String(target.prefix { $0 != "?" && $0 != "#" }.lowercased())
    let plain = path.hasSuffix("/") ? String(path.dropLast()) : path
    let isUpgrade = !values("upgrade").isEmpty
    let isOwn = adapter.paths.contains(plain)

    let origins = values("origin")
    let own = ownOrigin(port)
    if hasPage, method == "GET", !isUpgrade, !isOwn {
      // A page of another site may link to it, not read it.
      guard origins.isEmpty || origins == [own] else { throw .mode }
      return hosts[0].hasPrefix("127.") ? .page(path) : .moved(own + (path.hasPrefix("/") ? path : "/"))
    }
    guard origins.count <= 1 else { throw .originDoubled }
    guard let text = origins.first else { throw .originMissing }
    guard let origin = WebOrigin(text) else { throw text.hasPrefix("http://") ? .originInsecure : .originMalformed }
    let modes = values("sec-fetch-mode")
    guard modes.count <= 1, modes.allSatisfy({ $0 == "cors" || $0 == "websocket" }) else { throw .mode }
    if hasPage, method == "POST", path.hasPrefix("/check/"), text == own, !isUpgrade { return .check(path) }
    guard isOwn else { throw .path }
    if isUpgrade {
      guard method == "GET", adapter.transport.contains(.socket) else { throw .method }
      let offered = values("sec-websocket-protocol").flatMap { $0.split(separator: ",") }.map { name in
        String(name.drop { $0 == " " }.prefix { $0 != " " })
      }
      return .upgrade(origin, subprotocol: adapter.subprotocols.first(where: offered.contains))
    }
    guard adapter.transport.contains(.post) else { throw .method }
    switch method {
    case "OPTIONS": return .preflight(origin)
    case "POST":
      for length in values("content-length") { guard (Int(length) ?? .max) <= bodyLimit else { throw .bodyTooLarge } }
      return .call(origin)
    default: throw .method
    }
  }

  /// The origin of the service's own page on this port.
  package static func ownOrigin(_ port: UInt16) -> String { "http://127.0.0.1:\(port)" }

  private static func isThisMachine(_ host: String, _ port: UInt16) -> Bool {
    // Browsers write a port other than 80 and 443, which none of these is.
    let name = host.lowercased()
    return ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"].contains(name)
  }

  /// Headers that a page may send, of those it asks for.
  package static func allowedHeaders(_ asked: String) -> String {
    let known = ["content-type", "soapaction", "cache-control", "pragma", "accept", "x-requested-with"]
    let names = asked.lowercased().split(separator: ",").map { $0.filter { $0 != " " } }
    return names.filter { known.contains(String($0)) }.joined(separator: ", ")
  }
}
