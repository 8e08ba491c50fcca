import Glibc

/// A program of this machine that sends a port whatever a test wants. Every wait has a limit.
final class WireClient {
  private let descriptor: Int32
  private static let seconds = 60

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Missing() }
    var limit = timeval(tv_sec: Self.seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    // Gone at once, so that thousands of them leave no ports behind that wait.
    var hard = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let (socket, size) = (descriptor, socklen_t(MemoryLayout<sockaddr_in>.size))
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    guard code == 0 else { throw Missing() }
  }

  deinit { close(descriptor) }

  /// - Returns: `false` when the other end takes no more.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// No more will be sent.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads until the other end closes, or until `isWhole` says so.
  ///
  /// - Returns: `nil` when it neither said anything nor closed in time.
  func receive(until isWhole: ([UInt8]) -> Bool = { _ in false }) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !isWhole(bytes) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN || errno == EINTR { return nil }
      if count <= 0 { break }
      bytes += buffer.prefix(count)
    }
    return bytes
  }
}
