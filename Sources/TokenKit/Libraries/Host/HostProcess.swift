internal import Base
internal import Failures
internal import Glibc
internal import Synchronization

/// Which interface a library has.
package enum LibraryKind: String, Sendable, CaseIterable {
  /// GM/T 0016.
  case skf
  /// PKCS#11.
  case pkcs11
}

/// One running host process with its library loaded. It ends when this value does.
final class HostProcess: @unchecked Sendable {
  // Unchecked: used by one thread at a time (``LibraryHost`` sees to it), but for `interrupt`.
  let pid: pid_t
  /// What the library said when it was loaded.
  let greeting: HostReply
  private let socket: Descriptor
  private let output: Descriptor
  private let printed: PrintedText
  private var sequence: UInt32 = 0
  private var isEnded = false
  /// Waits for events only: it may go on for a moment when we end, to cancel its wait in good order.
  private let isWaiter: Bool

  /// - Throws: `UK-230` when the library cannot be loaded, `UK-232`, `UK-233` when the process ends or hangs over it.
  static func start(_ library: LibraryFile, waiter: Bool, printed: PrintedText, limit: UInt64) throws(Failure)
    -> HostProcess
  {
    var pair: [Int32] = [-1, -1]
    var pipeEnds: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw Failure(.libraryNotLoaded, function: "socketpair", number: .errno(errno), context: library.path)
    }
    // The ends that are passed on are raised out of the way of the numbers they get in the new process.
    let ours = Descriptor(pair[0])
    let theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10)
    close(pair[1])
    guard pipe(&pipeEnds) == 0 else {
      throw Failure(.libraryNotLoaded, function: "pipe", number: .errno(errno), context: library.path)
    }
    let output = Descriptor(pipeEnds[0])
    let printing = fcntl(pipeEnds[1], F_DUPFD_CLOEXEC, 10)
    close(pipeEnds[1])
    _ = fcntl(output.number, F_SETFL, O_NONBLOCK)
    _ = fcntl(output.number, F_SETFD, FD_CLOEXEC)

    let arguments =
      ["ukey", "provider-host", "--library", library.path, "--kind", library.kind.rawValue, "--parent", "\(getpid())"]
      + (waiter ? ["--waiter"] : [])
    let (pid, error) = ChildSpawner.shared.spawn(arguments, socket: theirs, output: printing)
    // The new process has them now; ours are closed so that its end is seen as the end of the socket.
    close(printing)
    close(theirs)
    guard pid > 0 else {
      throw Failure(.libraryNotLoaded, function: "posix_spawn", number: .errno(error), context: library.path)
    }
    return try HostProcess(
      pid: pid, socket: ours, output: output, printed: printed, library: library, isWaiter: waiter, limit: limit)
  }

  private init(
    pid: pid_t, socket: Descriptor, output: Descriptor, printed: PrintedText, library: LibraryFile, isWaiter: Bool,
    limit: UInt64
  ) throws(Failure) {
    self.pid = pid
    self.socket = socket
    self.output = output
    self.printed = printed
    self.isWaiter = isWaiter
    switch Self.receive(socket, output, printed, sequence: 0, until: Condition.now() + limit) {
    case .reply(let reply) where reply.kind == .loaded:
      greeting = reply
    case .reply(let reply):
      Self.end(pid)
      throw Failure(
        .libraryNotLoaded, function: "dlopen", context: String(decoding: reply.data.prefix(500), as: UTF8.self))
    case .ended:
      throw Failure(.libraryEnded, function: "dlopen", context: Self.end(pid) + " · " + library.path)
    case .late:
      Self.end(pid)
      throw Failure(.libraryTimeout, function: "dlopen", context: library.path)
    }
  }

  deinit { finish() }

  enum Exchange {
    case reply(HostReply)
    /// The process is gone; the call had left, or not.
    case failed(Failure, hadLeft: Bool)
  }

  /// Sends one call and waits for its answer, taking up meanwhile what the library prints.
  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], limit: UInt64?, name: String
  ) -> Exchange {
    let deadline = limit.map { Condition.now() + $0 }
    sequence &+= 1
    // A fully printed pipe must not keep the library from reading: what was printed while idle is taken first.
    drain()
    guard request.data.count <= HostRequest.dataLimit else {
      return .failed(Failure(.internalError, function: name, context: "\(request.data.count)"), hadLeft: false)
    }
    let head = request.encoded(sequence: sequence, secrets: secrets.map(\.count))
    var transfer = head.withUnsafeBytes { socket.send($0, until: deadline) }
    for secret in secrets where transfer == .done { transfer = socket.send(secret, until: deadline) }
    guard transfer == .done else {
      // The host acts only on a whole request.
      return .failed(
        Failure(transferIsLate(transfer) ? .libraryTimeout : .libraryEnded, function: name, context: end()),
        hadLeft: false)
    }
    switch Self.receive(socket, output, printed, sequence: sequence, until: deadline) {
    case .reply(let reply): return .reply(reply)
    case .ended:
      let how: String
      if isWaiter {
        // It may have been told to cancel its wait: it is let go, not killed.
        finish()
        how = "waiter"
      } else {
        how = end()
      }
      return .failed(Failure(.libraryEnded, function: name, context: how), hadLeft: true)
    case .late:
      end()
      let seconds = (limit ?? 0) / 1_000_000_000
      return .failed(Failure(.libraryTimeout, function: name, context: "\(seconds) s"), hadLeft: true)
    }
  }

  /// Makes a waiting ``exchange`` of another thread return.
  func interrupt() { shutdown(socket.number, Int32(SHUT_RDWR)) }

  /// Whether it still runs; reaps it if not.
  var isAlive: Bool {
    guard !isEnded else { return false }
    var status: Int32 = 0
    if waitpid(pid, &status, WNOHANG) == pid {
      isEnded = true
      return false
    }
    return true
  }

  /// Ends the process now. - Returns: how it ended, for people.
  @discardableResult
  func end() -> String {
    guard !isEnded else { return "" }
    isEnded = true
    drain()
    return Self.end(pid)
  }

  private func finish() {
    guard !isEnded else { return }
    guard isWaiter else {
      end()
      return
    }
    // It sees the end of its socket, cancels the library's wait and goes; it kills itself when that takes too long.
    isEnded = true
    let pid = pid
    shutdown(socket.number, Int32(SHUT_RDWR))
    _ = WorkerThread.start {
      var status: Int32 = 0
      waitpid(pid, &status, 0)
    }
  }

  private func transferIsLate(_ transfer: Descriptor.Transfer) -> Bool {
    if case .late = transfer { true } else { false }
  }

  private func drain() { Self.drain(output, printed) }

  private static func drain(_ output: Descriptor, _ printed: PrintedText) {
    // At most as much as a pipe holds: one that prints without end does not hold us here.
    for _ in 0..<16 {
      let text = output.read(atMost: 4096)
      if text.isEmpty { return }
      printed.append(text)
    }
  }

  @discardableResult
  private static func end(_ pid: pid_t) -> String {
    // One that has ended by itself keeps its own status; the signal then meets a zombie.
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal != 0 ? "signal \(signal)" : "exit \(status >> 8 & 0xFF)"
  }

  private enum Received {
    case reply(HostReply)
    case ended
    case late
  }

  private static func receive(
    _ socket: Descriptor, _ output: Descriptor, _ printed: PrintedText, sequence: UInt32, until deadline: UInt64?
  ) -> Received {
    var bytes: [UInt8] = []
    var header: HostReply.Header?
    var isPrinting = true
    while true {
      let wanted = header.map { HostReply.headerSize + $0.bodySize } ?? HostReply.headerSize
      if bytes.count == wanted {
        if let header {
          guard let reply = HostReply(header, body: Array(bytes.dropFirst(HostReply.headerSize))) else { return .ended }
          return .reply(reply)
        }
        guard let parsed = HostReply.header(bytes), parsed.sequence == sequence else { return .ended }
        header = parsed
        continue
      }
      let sources = [(socket.number, Int16(POLLIN))] + (isPrinting ? [(output.number, Int16(POLLIN))] : [])
      guard let ready = Descriptor.wait(sources, until: deadline) else { return .late }
      if ready.contains(output.number) {
        let text = output.read(atMost: 65_536)
        if text.isEmpty { isPrinting = false } else { printed.append(text) }
      }
      if ready.contains(socket.number) {
        let part = socket.read(atMost: wanted - bytes.count)
        if part.isEmpty { return .ended }
        bytes += part
      }
    }
  }
}

/// The last that a library printed, for support.
final class PrintedText: Sendable {
  static let capacity = 16_384
  private let bytes = Mutex<[UInt8]>([])

  func append(_ text: [UInt8]) {
    bytes.withLock { bytes in
      bytes += text.suffix(Self.capacity)
      if bytes.count > Self.capacity { bytes.removeFirst(bytes.count - Self.capacity) }
    }
  }

  /// Not made safe to show: ``displaySafe(_:)`` does that, line by line.
  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
