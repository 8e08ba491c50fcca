import Failures
import Glibc

/// The TCP connection to the reader driver: messages of a 2-byte big-endian length and that many bytes.
struct VPCDSocket: ~Copyable {
  let descriptor: Int32

  /// - Throws: `UK-621` with the errno of the last address tried.
  init(host: String, port: UInt16) throws(Failure) {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let place = host + ":" + String(port)
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
      throw Failure(.virtualReader, function: "getaddrinfo", context: place)
    }
    defer { freeaddrinfo(first) }
    var failure = Failure(.virtualReader, function: "connect", context: place)
    var next: UnsafeMutablePointer<addrinfo>? = first
    while let address = next {
      let candidate = Self.connected(to: address.pointee)
      if candidate.descriptor >= 0 {
        descriptor = candidate.descriptor
        return
      }
      failure = Failure(.virtualReader, function: "connect", number: .errno(candidate.error), context: place)
      next = address.pointee.ai_next
    }
    throw failure
  }

  deinit { close(descriptor) }

  private static func connected(to address: addrinfo) -> (descriptor: Int32, error: Int32) {
    let type = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, type, address.ai_protocol)
    guard descriptor >= 0 else { return (-1, errno) }
    var error: Int32 = 0
    if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
      error = errno == EINTR ? outcome(of: descriptor) : errno
    }
    guard error == 0 else {
      close(descriptor)
      return (-1, error)
    }
    setFlag(TCP_NODELAY, on: descriptor)
    return (descriptor, 0)
  }

  /// An interrupted connect goes on by itself; its end is seen by poll, its result in SO_ERROR.
  private static func outcome(of descriptor: Int32) -> Int32 {
    var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while poll(&waited, 1, -1) < 0 {
      guard errno == EINTR else { return errno }
    }
    var error: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return errno }
    return error
  }

  private static func setFlag(_ option: Int32, on descriptor: Int32) {
    var yes: Int32 = 1
    _ = setsockopt(descriptor, Int32(IPPROTO_TCP), option, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next message, or nil when the reader closed the connection between messages.
  ///
  /// - Throws: `UK-621` when the connection breaks, also in the middle of a message.
  func receiveMessage() throws(Failure) -> [UInt8]? {
    guard let length = try receive(2, first: true) else { return nil }
    return try receive(Int(length[0]) << 8 | Int(length[1]), first: false)
  }

  private func receive(_ wanted: Int, first: Bool) throws(Failure) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: wanted)
    var have = 0
    while have < wanted {
      // The driver writes length and body apart; a delayed acknowledgement of the first would hold up the second by
      // 40 ms. The kernel forgets this flag by itself, so it is set each time.
      Self.setFlag(TCP_QUICKACK, on: descriptor)
      let start = have
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress?.advanced(by: start), wanted - start, 0)
      }
      if got > 0 {
        have += got
      } else if got == 0 {
        guard first, have == 0 else { throw Failure(.virtualReader, function: "recv", context: "message cut short") }
        return nil
      } else if errno != EINTR {
        throw Failure(.virtualReader, function: "recv", number: .errno(errno))
      }
    }
    return bytes
  }

  /// Sends length and body in one write; at most 65 535 bytes.
  func send(_ body: [UInt8]) throws(Failure) {
    guard body.count <= Int(UInt16.max) else { throw Failure(.virtualReader, function: "send", context: "too long") }
    let message = [UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    var sent = 0
    while sent < message.count {
      let start = sent
      // MSG_NOSIGNAL: a reader that went away is an error here, not a SIGPIPE for the whole program.
      let wrote = message.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: start), message.count - start, Int32(MSG_NOSIGNAL))
      }
      if wrote >= 0 {
        sent += wrote
      } else if errno != EINTR {
        throw Failure(.virtualReader, function: "send", number: .errno(errno))
      }
    }
  }
}
