/// The origin of a web page (RFC 6454 §6.2) as a browser writes it: scheme, host in ASCII, port unless it is the usual
/// one. Nothing else parses as one: no path, no user, no upper case, no trailing dot.
package struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
  /// `https`, or `http` for pages of this machine.
  package let scheme: String
  /// A name in ASCII (`xn--…` where it is international) or an address, an IPv6 one in brackets.
  package let host: String
  /// `nil` when it is the usual one of the scheme.
  package let port: Int?

  /// Bytes of the longest origin taken.
  package static let limit = 255

  /// `nil` for anything but the exact text a browser sends; `null` among it.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.limit, let colon = text.firstRange(of: "://") else { return nil }
    let scheme = String(text[..<colon.lowerBound])
    guard scheme == "https" || scheme == "http" else { return nil }
    var rest = text[colon.upperBound...]
    var port: Int?
    // A colon behind the host, not one inside brackets.
    if let mark = rest.lastIndex(of: ":"), !rest[mark...].contains("]") {
      let digits = rest[rest.index(after: mark)...]
      guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        digits.utf8.first != 0x30, let number = Int(digits), number <= 65_535,
        number != (scheme == "https" ? 443 : 80)
      else { return nil }
      port = number
      rest = rest[..<mark]
    }
    let host = String(rest)
    guard Self.isHost(host) else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = port
    if scheme == "http", !isThisMachine { return nil }
  }

  package var description: String { scheme + "://" + host + (port.map { ":\($0)" } ?? "") }

  /// A page served by this machine to itself.
  package var isThisMachine: Bool { host == "localhost" || host == "127.0.0.1" || host == "[::1]" }

  private static func isHost(_ host: String) -> Bool {
    if host.hasPrefix("[") {
      return host.hasSuffix("]") && (4...41).contains(host.utf8.count)
        && host.utf8.dropFirst().dropLast().allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || byte == 0x3A || byte == 0x2E
        }
    }
    guard (1...253).contains(host.utf8.count) else { return false }
    return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.utf8.first != 0x2D && label.utf8.last != 0x2D
        && label.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        }
    }
  }
}
