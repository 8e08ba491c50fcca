import Base
import Glibc
import NIOCore

/// Which user of this machine holds the other end of a connection over the loopback interface.
///
/// The ports can be reached by every user's programs, and only browsers are honest about the origin. The kernel's tables
/// of connections tell whose an end is.
struct PeerOwner {
  /// Ends of the connection as the peer sees them: its own address and ours.
  private let ends: [(table: String, text: String)]

  /// `nil` for anything but a connection by IPv4 or IPv6.
  init?(peer: SocketAddress?, ours: SocketAddress?) {
    guard let peer, let ours, let peerPort = peer.port, let ourPort = ours.port else { return nil }
    func end(_ bytes: [UInt8], _ port: Int) -> String {
      // Words of the machine's byte order, the port as a number.
      let words = stride(from: 0, to: bytes.count, by: 4).map { start in
        hexText(Array(bytes[start..<min(start + 4, bytes.count)].reversed()))
      }
      let number = UInt16(truncatingIfNeeded: port)
      return words.joined() + ":" + hexText([UInt8(number >> 8), UInt8(number & 0xFF)])
    }
    func pair(_ peer: [UInt8], _ ours: [UInt8]) -> String {
      " " + end(peer, peerPort) + " " + end(ours, ourPort) + " "
    }
    guard let peerBytes = peer.addressBytes, let ourBytes = ours.addressBytes, peerBytes.count == ourBytes.count else {
      return nil
    }
    if peerBytes.count == 16 {
      ends = [("/proc/self/net/tcp6", pair(peerBytes, ourBytes))]
    } else {
      // A program may reach an IPv4 address through a socket of IPv6.
      let prefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
      ends = [
        ("/proc/self/net/tcp", pair(peerBytes, ourBytes)),
        ("/proc/self/net/tcp6", pair(prefix + peerBytes, prefix + ourBytes)),
      ]
    }
  }

  /// Whether the peer belongs to who runs this. What cannot be found out is not.
  var isOurs: Bool {
    // A table is read in pieces, and what closes meanwhile may hide its neighbour.
    for _ in 0..<3 { if let user = find() { return user == getuid() } }
    return false
  }

  private func find() -> UInt32? {
    for (table, text) in ends {
      guard let bytes = try? readBeginning(of: table, limit: 16 << 20) else { continue }
      if let user = Self.user(in: bytes, ends: Array(text.utf8)) { return user }
    }
    return nil
  }

  /// The column `uid` of the established connection with these ends.
  static func user(in table: [UInt8], ends: [UInt8]) -> UInt32? {
    guard let place = table.firstRange(of: ends) else { return nil }
    let line = table[place.upperBound...].prefix { $0 != 0x0A }
    let columns = line.split(separator: 0x20, maxSplits: 5)
    // Of one that its program has closed already the owner is not kept.
    guard columns.count > 4, Array(columns[0]) == Array("01".utf8) else { return nil }
    return UInt32(String(decoding: columns[4], as: UTF8.self))
  }
}

extension SocketAddress {
  /// 4 or 16 bytes in network order.
  fileprivate var addressBytes: [UInt8]? {
    switch self {
    case .v4(let address): withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
    case .v6(let address): withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
    case .unixDomainSocket: nil
    }
  }
}
