import TokenKit

/// A TCP port that something listens on, of /proc/net/tcp and tcp6.
struct ListeningPort: Sendable, Equatable {
  /// Where a page of this computer reaches it.
  enum Place: Sendable { case ipv4, ipv6, both, elsewhere }

  var port: UInt16
  var inode: UInt64
  var place: Place
  /// Whose it is.
  var user: UInt32
  /// Connections made that the program has not taken yet.
  var waiting: UInt32

  static func all() -> [ListeningPort] {
    let files = SystemFiles(root: "")
    return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { table in
      (files.text(table, limit: 4 << 20) ?? "").split(separator: "\n").dropFirst().compactMap {
        ListeningPort(line: $0)
      }
    }
  }

  /// `sl, local address, remote address, state (0A: listening), tx:rx queue, …, uid as the eighth, inode as the tenth`.
  init?(line: some StringProtocol) {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count > 9, words[3] == "0A", let colon = words[1].lastIndex(of: ":"),
      let port = UInt16(words[1][words[1].index(after: colon)...], radix: 16), let inode = UInt64(words[9]),
      let user = UInt32(words[7])
    else { return nil }
    self.port = port
    self.inode = inode
    self.user = user
    waiting = words[4].split(separator: ":").last.flatMap { UInt32($0, radix: 16) } ?? 0
    // Each 32 bits in the order of this machine's bytes.
    let address = words[1][..<colon]
    place =
      switch address {
      case "00000000", "0100007F": .ipv4
      case "00000000000000000000000001000000": .ipv6
      // Of IPv4 too, unless the program wants it otherwise.
      case "00000000000000000000000000000000", "0000000000000000FFFF00000100007F": .both
      default: address.count == 8 && address.hasSuffix("7F") ? .ipv4 : .elsewhere
      }
  }
}
