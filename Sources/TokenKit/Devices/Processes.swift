internal import Glibc

/// A process of this machine.
package struct ProcessName: Sendable, Equatable {
  package var pid: Int32
  package var name: String

  /// `scdaemon (pid 712)`.
  package var text: String { "\(name) (pid \(pid))" }

  package init(pid: Int32) {
    self.pid = pid
    name = SystemFiles(root: "").value("/proc/\(pid)/comm") ?? "?"
  }
}

/// Which processes have these sockets open, by inode. Other users' processes are seen by root only.
package func socketOwners(_ inodes: Set<UInt64>) -> [ProcessName] {
  guard !inodes.isEmpty else { return [] }
  let files = SystemFiles(root: "")
  var found: [ProcessName] = []
  for name in files.list("/proc") {
    guard let pid = Int32(name) else { continue }
    let folder = "/proc/\(pid)/fd"
    for descriptor in files.list(folder) {
      guard let link = files.link(folder + "/" + descriptor), link.hasPrefix("socket:["), link.hasSuffix("]"),
        let inode = UInt64(link.dropFirst(8).dropLast()), inodes.contains(inode)
      else { continue }
      found.append(ProcessName(pid: pid))
      break
    }
  }
  return found
}

/// A Unix socket as the kernel's socket diagnosis tells it.
private struct UnixSocketInfo {
  var inode: UInt64
  var peer: UInt64?
  var isListening: Bool
  var name: String
}

/// Every Unix socket of this network namespace (sock_diag(7), UNIX_DIAG). Empty when the kernel does not tell.
private func unixSockets() -> [UnixSocketInfo] {
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
  request.u32(0x1 | 0x4)  // UDIAG_SHOW_NAME | UDIAG_SHOW_PEER
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
    default: break
    }
    offset += (length + 3) & ~3
  }
  return info
}

/// Four bytes, least significant first; 0 when they are not all there.
private func little32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
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
package struct SocketParties {
  package var listeners: [ProcessName]
  /// Without this program.
  package var clients: [ProcessName]

  package init(path: String) {
    // /run and /var/run are the same folder.
    let other = path.hasPrefix("/run/") ? "/var" + path : path
    let all = unixSockets()
    let served = all.filter { $0.name == path || $0.name == other }
    listeners = socketOwners(Set(served.filter(\.isListening).map(\.inode)))
    let peers = Set(served.filter { !$0.isListening }.compactMap(\.peer))
    clients = socketOwners(peers).filter { $0.pid != getpid() }
  }
}

extension SocketParties {
  /// The programs that may keep a key from others: those connected to the reader service, without what starts and runs
  /// it. The service does not tell which of them it is.
  package var holders: [ProcessName] { clients.filter { $0.name != "pcscd" && $0.name != "systemd" } }
}
