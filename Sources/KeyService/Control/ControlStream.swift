package import Base
internal import Glibc
package import StrictJSON
internal import Synchronization

/// One end of the Unix socket between the key service and the holder's own programs: JSON objects, one a line.
///
/// The other end is a process of the same user, or there is no stream. One thread receives; any may send.
package final class ControlStream: Sendable {
  /// Bytes of the longest line: the largest data that is signed, in base64, and what stands around it.
  static let lineLimit = 512 * 1024
  /// Seconds that a peer may take to read what it is sent.
  private static let sendLimit = 5

  private let descriptor: Int32
  private let sending = Mutex(())
  /// Only used by the thread that receives.
  private let buffer = Mutex<[UInt8]>([])

  /// Process at the other end.
  package let peer: Int32

  /// Takes over a connected socket.
  ///
  /// - Throws: `EPERM` when the other end is another user's; the descriptor is then closed.
  init(adopting descriptor: Int32) throws(SystemError) {
    // pid, uid, gid: `struct ucred`, which Glibc shows to GNU sources only.
    var credentials: [UInt32] = [0, .max, .max]
    var size = socklen_t(MemoryLayout<UInt32>.size * 3)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials[1] == geteuid() else {
      close(descriptor)
      throw SystemError("SO_PEERCRED", EPERM)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var limit = timeval(tv_sec: Self.sendLimit, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    self.descriptor = descriptor
    peer = Int32(bitPattern: credentials[0])
  }

  deinit { close(descriptor) }

  /// - Throws: `ENOENT` and `ECONNREFUSED` where no service runs; `EPERM` where it is another user's.
  package convenience init(connecting path: String) throws(SystemError) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket", errno, path) }
    let result = withSocketAddress(path) { Glibc.connect(descriptor, $0, $1) }
    guard result == 0 else {
      let number = result == nil ? ENAMETOOLONG : errno
      close(descriptor)
      throw SystemError("connect", number, path)
    }
    try self.init(adopting: descriptor)
  }

  /// - Returns: `false` when the other end is gone or does not read; the stream is then of no use any more.
  @discardableResult
  package func send(_ value: JSONValue) -> Bool {
    let bytes = Array((value.line + "\n").utf8)
    guard bytes.count <= Self.lineLimit else { return false }
    return sending.withLock { _ in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          end()
          return false
        }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  /// Waits for the next object. - Returns: `nil` when the other end is gone, or sends anything else.
  package func receive() -> JSONValue? {
    buffer.withLock { buffer in
      var searched = 0
      while true {
        if let end = buffer[searched...].firstIndex(of: 0x0A) {
          let line = Array(buffer[..<end])
          buffer.removeFirst(end + 1)
          do throws(JSONError) { return try JSONValue(parsing: line) } catch { return nil }
        }
        searched = buffer.count
        guard searched <= Self.lineLimit else { return nil }
        var block = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &block, block.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return nil }
        buffer += block[..<count]
      }
    }
  }

  /// Ends it, from any thread: ``receive()`` returns.
  package func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// - Returns: `nil` when the path is too long for an address.
func withSocketAddress<Result>(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result? {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else { return nil }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  let size = socklen_t(MemoryLayout<sockaddr_un>.size)
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
  }
}
