internal import Glibc

/// An address of the network as bytes, IPv4 as the IPv6 address it is mapped to (RFC 4291 §2.5.5.2), so that one host has one.
struct NetworkAddress: Sendable, Equatable {
  let bytes: [UInt8]

  /// As `inet_pton` reads it; no names, no zone, no port.
  init?(_ text: some StringProtocol) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, String(text), &four) == 1 {
      bytes = Self.mapped + withUnsafeBytes(of: &four, Array.init)
    } else if inet_pton(AF_INET6, String(text), &six) == 1 {
      bytes = withUnsafeBytes(of: &six, Array.init)
    } else {
      return nil
    }
  }

  fileprivate static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// `192.0.2.7`, `2001:db8::1`: however it was written, always the same.
  var text: String {
    let isFour = bytes.starts(with: Self.mapped)
    let own = isFour ? Array(bytes[12...]) : bytes
    var buffer = [CChar](repeating: 0, count: 64)
    guard inet_ntop(isFour ? AF_INET : AF_INET6, own, &buffer, socklen_t(buffer.count)) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension NetworkAddress {
  /// Whom tries are counted for: an IPv4 address, and of IPv6 the network of 64 bits that one subscriber has (RFC 6177), who
  /// could otherwise come from another address each time.
  var subscriber: String {
    guard !bytes.starts(with: Self.mapped) else { return text }
    let network = NetworkAddress(bytes: Array(bytes[..<8]) + [UInt8](repeating: 0, count: 8))
    return network.text + "/64"
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }
}

/// Which reverse proxies are believed when they say who is connected to them.
package struct TrustedProxies: Sendable, Equatable {
  /// The header that the proxies write. Only one is read: the other a visitor may have written, and a proxy that does not
  /// know it lets it pass.
  package enum Header: String, Sendable {
    case forwardedFor = "x-forwarded-for"
    /// RFC 7239.
    case forwarded
  }

  private struct Range: Sendable, Equatable {
    var start: NetworkAddress
    /// Of 128.
    var bits: Int

    func contains(_ address: NetworkAddress) -> Bool {
      for (index, (left, right)) in zip(start.bytes, address.bytes).enumerated() {
        let rest = bits - index * 8
        if rest <= 0 { return true }
        let mask: UInt8 = rest >= 8 ? 0xFF : 0xFF << UInt8(8 - rest)
        if left & mask != right & mask { return false }
      }
      return true
    }
  }

  private var ranges: [Range] = []
  package var header = Header.forwardedFor

  package init() {}

  /// - Parameter text: addresses and networks (`10.0.0.0/8`) with blanks between. `nil` when one of them is none.
  package init?(_ text: String) {
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count <= 2, let start = NetworkAddress(parts[0]) else { return nil }
      let isFour = parts[0].contains(".") && !parts[0].contains(":")
      var bits = 128
      if parts.count == 2 {
        guard let length = Int(parts[1]), String(length) == parts[1], (0...(isFour ? 32 : 128)).contains(length) else {
          return nil
        }
        bits = isFour ? 96 + length : length
      }
      ranges.append(Range(start: start, bits: bits))
    }
  }

  private func contains(_ address: NetworkAddress) -> Bool { ranges.contains { $0.contains(address) } }

  /// Who is behind the proxies: read from the right, where each proxy has added who was connected to it, up to the first
  /// that is none of ours. What stands further to the left was written by strangers.
  ///
  /// - Parameters:
  ///   - peer: who is connected.
  ///   - values: of ``header``, in the order in which they came.
  func visitor(peer: String, _ values: [String]) -> String {
    guard let near = NetworkAddress(peer), contains(near) else { return NetworkAddress(peer)?.text ?? peer }
    var last = near
    for entry in values.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }).reversed() {
      // What cannot be read (`unknown`, a name in the proxy's own words) is not guessed at: the proxy is the visitor.
      guard let address = address(of: entry) else { break }
      last = address
      if !contains(address) { break }
    }
    return last.text
  }

  private func address(of entry: Substring) -> NetworkAddress? {
    var text = Self.trimmed(entry)
    if header == .forwarded {
      let pairs = text.split(separator: ";").map(Self.trimmed)
      guard let pair = pairs.first(where: { $0.lowercased().hasPrefix("for=") }) else { return nil }
      text = pair.dropFirst(4)
      if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count > 1 { text = text.dropFirst().dropLast() }
    }
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]"), Self.isPort(text[text.index(after: end)...]) else { return nil }
      return NetworkAddress(text[text.index(after: text.startIndex)..<end])
    }
    // With one colon it is IPv4 and a port.
    if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
      guard Self.isPort(text[colon...]) else { return nil }
      text = text[..<colon]
    }
    return NetworkAddress(text)
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty
      || (text.hasPrefix(":") && (2...6).contains(text.utf8.count) && text.dropFirst().allSatisfy(\.isNumber))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return start.dropLast(start.reversed().prefix { $0 == " " || $0 == "\t" }.count)
  }
}
