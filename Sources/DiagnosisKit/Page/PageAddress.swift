import TokenKit

/// A page that is to be read: on a server, or in a file of this computer.
package struct PageAddress: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case server(tls: Bool, Endpoint)
    case file
  }

  package var place: Place
  /// Of a server with the leading slash and the query; of a file its own.
  package var path: String

  /// `https://host/path`, `http://host:port/…`, or the path of a file. `nil` when it is neither.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    for (scheme, tls) in [("https://", true), ("http://", false)] where text.lowercased().hasPrefix(scheme) {
      let rest = text.dropFirst(scheme.count).prefix { $0 != "#" }
      let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
      guard !rest[..<end].contains("@"), rest.utf8.allSatisfy({ $0 > 0x20 }),
        let endpoint = Self.endpoint(String(rest[..<end]), tls)
      else { return nil }
      place = .server(tls: tls, endpoint)
      path = end == rest.endIndex ? "/" : rest[end] == "?" ? "/" + rest[end...] : String(rest[end...])
      return
    }
    if text.contains("://") { return nil }
    place = .file
    path = text
  }

  private init(place: Place, path: String) {
    self.place = place
    self.path = path
  }

  private static func endpoint(_ text: String, _ tls: Bool) -> Endpoint? {
    let isBare = text.hasSuffix("]") || !text.contains(":")
    return Endpoint(isBare ? text + (tls ? ":443" : ":80") : text)
  }

  package var text: String {
    guard case .server = place else { return path }
    return (origin ?? "") + path
  }

  /// As browsers write it: `https://host`, with the port where it is not the usual one. `nil` for a file.
  package var origin: String? {
    guard case .server(let tls, let endpoint) = place else { return nil }
    let isUsual = endpoint.port == (tls ? 443 : 80)
    let host = endpoint.host.contains(":") ? "[" + endpoint.host + "]" : endpoint.host
    return (tls ? "https://" : "http://") + host + (isUsual ? "" : ":\(endpoint.port)")
  }

  /// Whether browsers let it call this computer at all: over TLS, or from this computer itself.
  package var isSecure: Bool {
    switch place {
    case .file: true
    case .server(let tls, let endpoint):
      tls || endpoint.host == "localhost" || endpoint.host == "::1" || endpoint.host.hasPrefix("127.")
    }
  }

  /// What a link on this page means. `nil`: nothing that is fetched.
  func resolving(_ link: String) -> PageAddress? {
    let link = trim(link)
    if link.isEmpty || link.hasPrefix("data:") || link.hasPrefix("javascript:") || link.hasPrefix("blob:") {
      return nil
    }
    let lower = link.lowercased()
    if lower.hasPrefix("http://") || lower.hasPrefix("https://") { return PageAddress(link) }
    let bare = link.prefix { $0 != "?" && $0 != "#" }
    // Another scheme is nothing that is fetched.
    if bare.prefix(while: { $0 != "/" }).contains(":") { return nil }
    switch place {
    case .server(let tls, _):
      if link.hasPrefix("//") { return PageAddress((tls ? "https:" : "http:") + link) }
      if link.hasPrefix("/") { return PageAddress(place: place, path: String(link.prefix { $0 != "#" })) }
      return PageAddress(place: place, path: Self.normal(folder + link.prefix { $0 != "#" }))
    case .file:
      // A saved page names the server it came from by an absolute path: that file is not here.
      if link.hasPrefix("/") { return nil }
      return PageAddress(place: .file, path: Self.normal(folder + bare))
    }
  }

  private var folder: String {
    let bare = path.prefix { $0 != "?" }
    guard let slash = bare.lastIndex(of: "/") else { return "" }
    return String(bare[...slash])
  }

  /// Without `.` and `..`; never above where it begins.
  private static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    let isAbsolute = path.hasPrefix("/")
    let bare = path.prefix { $0 != "?" }
    for part in bare.split(separator: "/", omittingEmptySubsequences: true) {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/") + path[bare.endIndex...]
  }
}
