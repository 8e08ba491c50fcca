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
    try openFirst([address], limit: limit).descriptor
  }

  /// Connects to the first of several that answers (RFC 8305): one after another, a quarter of a second apart or as soon
  /// as the one before has failed, all of them left running until one is there.
  ///
  /// - Parameter segment: bytes of a segment at most (TCP_MAXSEG); `nil` for what the system takes.
  /// - Throws: the problem of the first address.
  static func openFirst(
    _ addresses: [ResolvedAddress], limit: Duration, segment: Int32? = nil
  ) throws(Problem) -> (descriptor: Int32, address: ResolvedAddress) {
    let deadline = Instant.now + limit
    var waiting = ordered(addresses)[...]
    var running: [(descriptor: Int32, address: ResolvedAddress)] = []
    var first: Problem?
    defer { running.forEach { closeDescriptor($0.descriptor) } }
    var next = Instant.now
    while Instant.now < deadline {
      if let address = waiting.first, Instant.now >= next || running.isEmpty {
        waiting = waiting.dropFirst()
        next = .now + .milliseconds(250)
        do throws(Problem) {
          running.append((try begin(address, segment: segment), address))
        } catch {
          first = first ?? error
        }
        continue
      }
      if running.isEmpty { break }
      var items = running.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
      _ = poll(&items, nfds_t(items.count), (waiting.isEmpty ? deadline : min(deadline, next)).pollTimeout)
      for item in items where item.revents != 0 {
        guard let place = running.firstIndex(where: { $0.descriptor == item.fd }) else { continue }
        let done = running.remove(at: place)
        let number = failure(of: done.descriptor)
        if number == 0 { return done }
        closeDescriptor(done.descriptor)
        first = first ?? problem(number)
      }
    }
    throw first ?? .timedOut
  }

  /// The families by turns, as the resolver ordered each.
  private static func ordered(_ addresses: [ResolvedAddress]) -> [ResolvedAddress] {
    guard let family = addresses.first?.family else { return [] }
    let own = addresses.filter { $0.family == family }
    let other = addresses.filter { $0.family != family }
    return (0..<max(own.count, other.count)).flatMap { place in
      [own, other].compactMap { $0.indices.contains(place) ? $0[place] : nil }
    }
  }

  /// Begins to connect; whether it succeeds is told by ``failure(of:)`` when the descriptor can be written to.
  private static func begin(_ address: ResolvedAddress, segment: Int32? = nil) throws(Problem) -> Int32 {
    let descriptor = socket(
      address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw .failed(errno) }
    if var segment {
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, socklen_t(MemoryLayout<Int32>.size))
    }
    let code = address.bytes.withUnsafeBytes { bytes -> Int32 in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
      return connect(descriptor, start, socklen_t(bytes.count))
    }
    let number = errno
    guard code == 0 || number == EINPROGRESS else {
      closeDescriptor(descriptor)
      throw problem(number)
    }
    return descriptor
  }

  private static func failure(of descriptor: Int32) -> Int32 {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return number
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
    try exchange(Array(request.utf8), limit: limit)
  }

  borrowing func exchange(_ bytes: [UInt8], limit: Duration) throws(Problem) -> [UInt8] {
    guard send(descriptor, bytes, bytes.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL)) == bytes.count else {
      throw .closed
    }
    guard Self.wait(descriptor, POLLIN, .now + limit) else { throw .timedOut }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw .closed }
    return Array(buffer.prefix(count))
  }

  /// Sends a request and takes the answer until the other side closes the line, or `count` bytes of it.
  borrowing func wholeAnswer(to request: String, count limit: Int, limit time: Duration) throws(Problem) -> [UInt8] {
    let deadline = Instant.now + time
    var result = try exchange(request, limit: time)
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while result.count < limit {
      guard Self.wait(descriptor, POLLIN, deadline) else { throw .timedOut }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      result += buffer.prefix(count)
    }
    return result
  }

  /// Asks the resolver: every address, in the order in which they are to be tried. May take long: call it where a limit stands around it.
  static func resolve(_ endpoint: Endpoint) -> Result<[ResolvedAddress], ResolveError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
    guard code == 0, list != nil else {
      return .failure(ResolveError(text: gai_strerror(code).map { String(cString: $0) } ?? "", number: code))
    }
    defer { freeaddrinfo(list) }
    var found: [ResolvedAddress] = []
    var next = list
    while let item = next?.pointee, found.count < 16 {
      next = item.ai_next
      guard let address = item.ai_addr else { continue }
      let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(item.ai_addrlen)))
      var host = [CChar](repeating: 0, count: 1025)
      getnameinfo(address, item.ai_addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
      let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      found.append(ResolvedAddress(bytes: bytes, family: item.ai_family, text: text))
    }
    return .success(found)
  }
}

/// Why a name did not resolve, in the resolver's words.
struct ResolveError: Error {
  var text: String
  var number: Int32
}
