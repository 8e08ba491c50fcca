import TokenKit

/// A TCP port that something listens on, of /proc/net/tcp and tcp6.
struct ListeningPort: Sendable, Equatable {
  var port: UInt16
  var inode: UInt64
  /// Number of the user whose socket it is.
  var user: UInt32

  static func all() -> [ListeningPort] {
    let files = SystemFiles(root: "")
    var result: [ListeningPort] = []
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      guard let text = files.text(table, limit: 4 << 20) else { continue }
      for line in text.split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        // sl, local address, remote address, state (0A: listening), …, user as the eighth, inode as the tenth.
        guard words.count > 9, words[3] == "0A", let colon = words[1].lastIndex(of: ":"),
          let port = UInt16(words[1][words[1].index(after: colon)...], radix: 16), let inode = UInt64(words[9]),
          let user = UInt32(words[7])
        else { continue }
        result.append(ListeningPort(port: port, inode: inode, user: user))
      }
    }
    return result
  }
}
