import Base
import Glibc
import TokenKit

extension Context {
  func checkPlatformName() -> Finding {
    guard !options.isDemo, let platform = options.platform else { return Finding(.skipped, .switchedOff) }
    // The proxy resolves it; here it may have no address at all.
    if let proxy = with({ $0.proxy }) {
      return .ok([Evidence(.host, platform.text, .host), Evidence(.proxy, proxy.text, .address)])
    }
    let began = Instant.now
    let answer = Connection.resolve(platform)
    let taken = Instant.now - began
    switch answer {
    case .success(let addresses):
      with { $0.addresses = addresses }
      let facts =
        [Evidence(.host, platform.text, .host)] + addresses.map { Evidence(.address, $0.text, .address) }
      if let own = addresses.first(where: \.isOwn), own.text != platform.host,
        (try? Connection.openFirst(addresses, limit: .seconds(1))).map({ closeDescriptor($0.descriptor) }) == nil
      {
        return Finding(.fault, .nameFalse, facts + whoSaysSo(platform.host, own.text))
      }
      guard taken > Self.slowName else { return .ok(facts) }
      return Finding(.warning, .nameSlow, platformFacts + facts + [Evidence(.seconds, seconds(taken.microseconds))])
    case .failure(let error):
      return platformTrouble(.nameUnresolved, platformFacts + [Evidence(.error, error.text + " (\(error.number))")])
    }
  }

  /// An answer that takes longer than this did not come from the first server.
  private static let slowName = Duration.seconds(2)

  /// What is known of the platform before it is reached: whose fault it is that a name does not resolve can be seen from
  /// the servers that are asked.
  var platformFacts: [Evidence] {
    guard let platform = options.platform else { return [] }
    return [Evidence(.host, platform.text, .host)] + nameServers
  }

  private var nameServers: [Evidence] {
    let path = "/etc/resolv.conf"
    let found = (live.text(path) ?? "").split(separator: "\n").compactMap { line -> Evidence? in
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return words.count > 1 && words[0] == "nameserver" ? Evidence(.nameServer, String(words[1]), .address) : nil
    }
    // The file may be a link to one that nobody has written.
    return found.isEmpty ? [Evidence(.nameServer, "-"), Evidence(.path, path)] : found
  }

  /// The file or the servers that a false address comes from.
  func whoSaysSo(_ host: String, _ address: String) -> [Evidence] {
    isInHosts(host, address) ? [Evidence(.path, "/etc/hosts")] : nameServers
  }

  /// Whether /etc/hosts gives a name this address.
  func isInHosts(_ host: String, _ address: String) -> Bool {
    (live.text("/etc/hosts") ?? "").split(separator: "\n").contains { line in
      let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return words.first.map(String.init) == address
        && words.dropFirst().contains { $0.lowercased() == host.lowercased() }
    }
  }
}

extension ResolvedAddress {
  /// `127.0.0.0/8`, `0.0.0.0/8`, `::`, `::1`: this computer, or none.
  var isOwn: Bool { four.map { $0 >> 24 == 127 || $0 >> 24 == 0 } ?? isOwnSix }

  /// `198.18.0.0/15`: given out by a proxy program in the place of true addresses ("fake-ip"), and of use only while that
  /// program runs.
  var isStandIn: Bool { four.map { $0 >> 17 == 0xC612_0000 >> 17 } ?? false }

  private var four: UInt32? { ipv4Number(text) }

  private var isOwnSix: Bool {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return false }
    let bytes = withUnsafeBytes(of: address) { Array($0) }
    return bytes.dropLast().allSatisfy { $0 == 0 } && (bytes.last ?? 0) <= 1
  }
}
