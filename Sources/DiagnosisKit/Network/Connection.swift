import Base
import Glibc

/// An address as the resolver gave it.
struct ResolvedAddress: Sendable {
  /// `sockaddr` bytes.
  var bytes: [UInt8]
  var family: Int32
  var text: String
}

/// A TCP connection whose every step has a limit. Closed when it ends.
struct Connection: ~Copyable {
  enum Problem: Error, Equatable {
    case refused
    case unreachable(Int32)
    case timedOut
    case closed
    case failed(Int32)

    var text: String {
      switch self {
      case .refused: "connection refused"
      case .unreachable(let number), .failed(let number): String(cString: strerror(number)) + " (errno \(number))"
      case .timedOut: "timed out"
      case .closed: "closed by the other side"
      }
    }
  }

  let descriptor: Int32

  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit { closeDescriptor(descriptor) }

  /// Gives the descriptor away.
  consuming func release() -> Int32 {
    let kept = descriptor
    discard self
    return kept
  }

  /// Connects to one address, once.
  static func open(_ address: ResolvedAddress, limit: Duration) throws(Problem) -> Int32 {
    let descriptor = socket(
      address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw .failed(errno) }
    let code = address.bytes.withUnsafeBytes { bytes -> Int32 in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
      return connect(descriptor, start, socklen_t(bytes.count))
    }
    if code == 0 { return descriptor }
    guard errno == EINPROGRESS else {
      let number = errno
      closeDescriptor(descriptor)
      throw problem(number)
    }
    guard wait(descriptor, POLLOUT, .now + limit) else {
      closeDescriptor(descriptor)
      throw .timedOut
    }
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    guard number == 0 else {
      closeDescriptor(descriptor)
      throw problem(number)
    }
    return descriptor
  }

  private static func problem(_ number: Int32) -> Problem {
    switch number {
    case ECONNREFUSED: .refused
    case ENETUNREACH, EHOSTUNREACH: .unreachable(number)
    case ETIMEDOUT: .timedOut
    default: .failed(number)
    }
  }

  /// Loopback at this port.
  static func loopback(_ port: UInt16) -> ResolvedAddress {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return ResolvedAddress(
      bytes: withUnsafeBytes(of: &address) { Array($0) }, family: AF_INET, text: "127.0.0.1:\(port)")
  }

  /// Waits until the descriptor is ready. `false`: time is up.
  static func wait(_ descriptor: Int32, _ events: Int32, _ deadline: Instant) -> Bool {
    while true {
      let timeout = deadline.pollTimeout
      guard timeout > 0 else { return false }
      var item = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      if poll(&item, 1, timeout) > 0 { return true }
    }
  }

  /// Sends a request and takes what comes first: at most 4 KiB of the answer.
  borrowing func exchange(_ request: String, limit: Duration) throws(Problem) -> [UInt8] {
    let bytes = Array(request.utf8)
    guard send(descriptor, bytes, bytes.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL)) == bytes.count else {
      throw .closed
    }
    guard Self.wait(descriptor, POLLIN, .now + limit) else { throw .timedOut }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw .closed }
    return Array(buffer.prefix(count))
  }

  /// Asks the resolver. May take long: call it where a limit stands around it.
  static func resolve(_ endpoint: Endpoint) -> Result<ResolvedAddress, ResolveError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
    guard code == 0, let first = list?.pointee, let address = first.ai_addr else {
      return .failure(ResolveError(text: gai_strerror(code).map { String(cString: $0) } ?? "", number: code))
    }
    defer { freeaddrinfo(list) }
    let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(first.ai_addrlen)))
    var host = [CChar](repeating: 0, count: 1025)
    getnameinfo(address, first.ai_addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
    let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return .success(ResolvedAddress(bytes: bytes, family: first.ai_family, text: text))
  }
}

/// Why a name did not resolve, in the resolver's words.
struct ResolveError: Error {
  var text: String
  var number: Int32
}
