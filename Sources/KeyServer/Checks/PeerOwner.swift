import Base
import Glibc
import NIOCore

/// Which user of this machine holds the other end of a connection over the loopback interface.
///
/// The ports can be reached by every user's programs, and only browsers are honest about the origin. The kernel knows
/// whose an end is: asked for this one connection (sock_diag(7)), and where it does not answer that, by its table (proc(5)),
/// which takes longer the more connections there are.
struct PeerOwner {
  /// Addresses of 4 or 16 bytes, in network order.
  private let peer: (address: [UInt8], port: UInt16)
  private let ours: (address: [UInt8], port: UInt16)

  /// `nil` for anything but a connection by IPv4 or IPv6.
  init?(peer: SocketAddress?, ours: SocketAddress?) {
    guard let peer, let ours, let peerPort = peer.port, let ourPort = ours.port, let peerBytes = peer.addressBytes,
      let ourBytes = ours.addressBytes, peerBytes.count == ourBytes.count
    else { return nil }
    self.peer = (peerBytes, UInt16(truncatingIfNeeded: peerPort))
    self.ours = (ourBytes, UInt16(truncatingIfNeeded: ourPort))
  }

  /// Whether the peer belongs to who runs this. What cannot be found out is not.
  var isOurs: Bool { (asked ?? listed) == getuid() }

  // MARK: sock_diag

  private var asked: UInt32? {
    // AF_NETLINK, NETLINK_SOCK_DIAG.
    let descriptor = socket(16, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 4)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let request = question
    guard send(descriptor, request, request.count, 0) == request.count else { return nil }
    var answer = [UInt8](repeating: 0, count: 1024)
    // It is there when the question has been sent.
    let count = recv(descriptor, &answer, answer.count, Int32(MSG_DONTWAIT))
    return Self.user(in: answer.prefix(max(0, count)))
  }

  /// nlmsghdr and inet_diag_req_v2 (linux/inet_diag.h) for the peer's end: its own address is the local one.
  private var question: [UInt8] {
    var bytes =
      Self.native(UInt32(72)) + Self.native(UInt16(20)) + Self.native(UInt16(1)) + [UInt8](repeating: 0, count: 8)
    // Family, TCP, no extensions, every state.
    bytes += [UInt8(peer.address.count == 4 ? AF_INET : AF_INET6), 6, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    for port in [peer.port, ours.port] { bytes += [UInt8(port >> 8), UInt8(port & 0xFF)] }
    for address in [peer.address, ours.address] { bytes += address + [UInt8](repeating: 0, count: 16 - address.count) }
    // Any interface, no cookie.
    return bytes + [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
  }

  /// The member `idiag_uid` of an established connection in nlmsghdr and inet_diag_msg.
  static func user(in answer: ArraySlice<UInt8>) -> UInt32? {
    let bytes = Array(answer)
    // SOCK_DIAG_BY_FAMILY; of one that its program has closed already the owner is not kept.
    guard bytes.count >= 88, number(bytes, 4) & 0xFFFF == 20, bytes[17] == 1 else { return nil }
    return number(bytes, 80)
  }

  private static func native(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
  }

  // MARK: proc

  private var listed: UInt32? {
    var tables = [("/proc/self/net/tcp6", ends(prefix: []))]
    if peer.address.count == 4 {
      // A program may reach an IPv4 address through a socket of IPv6.
      let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
      tables = [("/proc/self/net/tcp", ends(prefix: [])), ("/proc/self/net/tcp6", ends(prefix: mapped))]
    }
    for (path, text) in tables {
      guard let table = try? readBeginning(of: path, limit: 4 << 20) else { continue }
      if let user = Self.user(in: table, ends: Array(text.utf8)) { return user }
    }
    return nil
  }

  /// Both columns of addresses: words of the machine's byte order, the ports as numbers.
  private func ends(prefix: [UInt8]) -> String {
    func end(_ address: [UInt8], _ port: UInt16) -> String {
      let bytes = prefix + address
      let words = stride(from: 0, to: bytes.count, by: 4).map { start in
        hexText(Array(bytes[start..<min(start + 4, bytes.count)].reversed()))
      }
      return words.joined() + ":" + hexText([UInt8(port >> 8), UInt8(port & 0xFF)])
    }
    return " " + end(peer.address, peer.port) + " " + end(ours.address, ours.port) + " "
  }

  /// The column `uid` of the established connection with these ends.
  static func user(in table: [UInt8], ends: [UInt8]) -> UInt32? {
    guard let place = table.firstRange(of: ends)?.upperBound else { return nil }
    let columns = table[place...].prefix(80).split(separator: 0x20, maxSplits: 5)
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
