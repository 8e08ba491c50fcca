import Glibc
import TokenKit

/// A process of this machine.
struct ProcessName: Sendable, Equatable {
  var pid: Int32
  var name: String

  /// Of another user than ours; `nil` for our own.
  var user: UInt32?

  /// Whether this user may know what it is.
  var isNamed: Bool { name != Self.unknown }

  private static let unknown = "?"

  var text: String { "\(name) (pid \(pid))" + (user.map { ", " + accountName($0) } ?? "") }

  init(pid: Int32, user: UInt32? = nil) {
    self.pid = pid
    self.user = user == geteuid() ? nil : user
    name = SystemFiles(root: "").value("/proc/\(pid)/comm") ?? Self.unknown
  }
}

/// Which processes have which sockets open. Every process is looked at for it, once for all that are asked about. Other
/// users' processes are seen by root only.
struct SocketOwners {
  private var found: [(inode: UInt64, process: ProcessName)] = []

  init(_ inodes: Set<UInt64>) {
    guard !inodes.isEmpty else { return }
    let files = SystemFiles(root: "")
    for name in files.list("/proc") {
      guard let pid = Int32(name) else { continue }
      let folder = "/proc/\(pid)/fd"
      var held: Set<UInt64> = []
      for descriptor in files.list(folder) {
        guard let link = files.link(folder + "/" + descriptor), link.hasPrefix("socket:["), link.hasSuffix("]"),
          let inode = UInt64(link.dropFirst(8).dropLast()), inodes.contains(inode)
        else { continue }
        held.insert(inode)
      }
      guard !held.isEmpty else { continue }
      let process = ProcessName(pid: pid)
      found += held.map { ($0, process) }
    }
  }

  /// The processes that have one of these, each once.
  func of(_ inodes: Set<UInt64>) -> [ProcessName] {
    var result: [ProcessName] = []
    for item in found where inodes.contains(item.inode) && !result.contains(item.process) {
      result.append(item.process)
    }
    return result
  }
}

/// Which processes have these sockets open.
func socketOwners(_ inodes: Set<UInt64>) -> [ProcessName] { SocketOwners(inodes).of(inodes) }

/// Which processes have this device open. Other users' processes are seen by root only.
func nodeHolders(_ node: String) -> [ProcessName] {
  let files = SystemFiles(root: "")
  return files.list("/proc").compactMap { Int32($0) }.filter { pid in
    let folder = "/proc/\(pid)/fd"
    return files.list(folder).contains { files.link(folder + "/" + $0) == node }
  }
  .map { ProcessName(pid: $0) }.filter { $0.name != "pcscd" }
}

/// Who listens at a Unix socket, as the kernel tells whoever connects (SO_PEERCRED): also of another user's process.
/// `nil` when nobody does.
func socketPeer(_ path: String) -> ProcessName? {
  guard let descriptor = connectUnix(path).descriptor else { return nil }
  defer { close(descriptor) }
  // struct ucred: process, user, group.
  var peer: [Int32] = [0, 0, 0]
  var length = socklen_t(12)
  guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer[0] > 0 else { return nil }
  return ProcessName(pid: peer[0], user: UInt32(bitPattern: peer[1]))
}

/// Connects to a Unix socket. - Returns: the descriptor, or `errno`.
func connectUnix(_ path: String) -> (descriptor: Int32?, number: Int32) {
  var address = sockaddr_un()
  let bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return (nil, ENAMETOOLONG) }
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  let descriptor = socket(
    AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  guard descriptor >= 0 else { return (nil, errno) }
  let code = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  let number = errno
  if code == 0 { return (descriptor, 0) }
  close(descriptor)
  return (nil, number)
}

/// A Unix socket as the kernel's socket diagnosis tells it.
struct UnixSocketInfo {
  var inode: UInt64
  var peer: UInt64?
  var isListening: Bool
  var name: String
  /// Who made it, where the kernel tells (Linux 5.3).
  var user: UInt32?
}

/// Every Unix socket of this network namespace (sock_diag(7), UNIX_DIAG). Empty when the kernel does not tell.
func unixSockets() -> [UnixSocketInfo] {
  // AF_NETLINK and NETLINK_SOCK_DIAG by their numbers.
  let descriptor = socket(16, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 4)
  guard descriptor >= 0 else { return [] }
  defer { close(descriptor) }
  var limit = timeval(tv_sec: 1, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  var request = ByteWriter()
  request.u32(40)  // nlmsg_len
  request.u16(20)  // SOCK_DIAG_BY_FAMILY
  request.u16(0x301)  // NLM_F_REQUEST | NLM_F_DUMP
  request.u32(1)
  request.u32(0)
  request.u16(UInt16(AF_UNIX))  // family, protocol
  request.u16(0)
  request.u32(0xFFFF_FFFF)  // every state
  request.u32(0)
  request.u32(0x1 | 0x4 | 0x40)  // UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_UID
  request.u32(0xFFFF_FFFF)
  request.u32(0xFFFF_FFFF)
  guard send(descriptor, request.bytes, request.bytes.count, 0) == request.bytes.count else { return [] }
  var result: [UnixSocketInfo] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while result.count < 65_536 {
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 16 else { return result }
    var offset = 0
    while offset + 16 <= count {
      let length = Int(little32(buffer, offset))
      let type = UInt16(truncatingIfNeeded: little32(buffer, offset + 4))
      guard length >= 16, offset + length <= count, type != 3, type != 2 else { return result }  // DONE, ERROR
      if let info = unixSocket(buffer, offset + 16, offset + length) { result.append(info) }
      offset += (length + 3) & ~3
    }
  }
  return result
}

private func unixSocket(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UnixSocketInfo? {
  guard start + 16 <= end else { return nil }
  var info = UnixSocketInfo(
    inode: UInt64(little32(bytes, start + 4)), peer: nil, isListening: bytes[start + 2] == 10, name: "")
  var offset = start + 16
  while offset + 4 <= end {
    let head = little32(bytes, offset)
    let length = Int(head & 0xFFFF)
    guard length >= 4, offset + length <= end else { break }
    let body = bytes[(offset + 4)..<(offset + length)]
    switch head >> 16 {
    case 0: info.name = String(decoding: body.prefix { $0 != 0 }, as: UTF8.self)
    case 2 where length >= 8: info.peer = UInt64(little32(bytes, offset + 4))
    case 7 where length >= 8: info.user = little32(bytes, offset + 4)
    default: break
    }
    offset += (length + 3) & ~3
  }
  return info
}

/// Four bytes, least significant first; 0 when they are not all there.
func little32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
  return UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
    | UInt32(bytes[offset + 3]) << 24
}

private struct ByteWriter {
  var bytes: [UInt8] = []
  mutating func u16(_ value: UInt16) {
    bytes += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
  mutating func u32(_ value: UInt32) {
    u16(UInt16(truncatingIfNeeded: value))
    u16(UInt16(truncatingIfNeeded: value >> 16))
  }
}

/// Who listens at and who is connected to the Unix socket of this path.
struct SocketParties {
  var listeners: [ProcessName]
  /// Whether anybody listens, also one whose program only root may see.
  var isListenedAt: Bool
  var clients: [ProcessName]
  /// `root (uid 0)` of clients whose program only root may see.
  var others: [String]

  init(path: String) {
    // /run and /var/run are the same folder.
    let other = path.hasPrefix("/run/") ? "/var" + path : path
    let all = unixSockets()
    let served = all.filter { $0.name == path || $0.name == other }
    let listening = Set(served.filter(\.isListening).map(\.inode))
    let peers = Set(served.filter { !$0.isListening }.compactMap(\.peer))
    let owners = SocketOwners(listening.union(peers))
    listeners = owners.of(listening)
    isListenedAt = !listening.isEmpty
    clients = owners.of(peers).filter { $0.pid != getpid() }
    // Root sees them all, as clients.
    let users = all.filter { peers.contains($0.inode) }.compactMap(\.user).filter { $0 != geteuid() }
    others = geteuid() == 0 ? [] : Set(users).sorted().map { accountName($0) + " (uid \($0))" }
  }
}

extension SocketParties {
  /// The programs that may keep a key from others: those connected to the reader service, without what starts and runs
  /// it. The service does not tell which of them it is.
  var holders: [ProcessName] { clients.filter { $0.name != "pcscd" && $0.name != "systemd" } }
}

/// Who may keep a key from us, as `scdaemon (pid 712)`, and `root (uid 0)` where only root may see the program.
///
/// - Parameter socket: of the reader service.
package func keyHolders(socket: String) -> [String] {
  let parties = SocketParties(path: socket)
  return parties.holders.map(\.text) + parties.others
}
