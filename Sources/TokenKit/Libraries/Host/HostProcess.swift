internal import Base
internal import CLinux
internal import Failures
internal import Glibc
internal import Synchronization

/// One running host process with its library loaded. It ends when this value does.
final class HostProcess: @unchecked Sendable {
  // Unchecked: used by one thread at a time (``LibraryHost`` sees to it), but for `interrupt`.
  let pid: pid_t
  /// What the library said when it was loaded.
  let greeting: HostReply
  /// What is in force in it.
  let confinement: Confinement
  private let socket: Descriptor
  private let output: Descriptor
  private let printed: PrintedText
  /// Ready when the process has ended, also while a child of its own still holds its end of the socket.
  private let process: Descriptor
  private var sequence: UInt32 = 0
  private var isEnded = false
  /// Waits for events only: it may go on for a moment when we end, to cancel its wait in good order.
  private let isWaiter: Bool
  /// More than a waiter gives itself.
  private static let grace = Duration.seconds(6)

  /// - Throws: `UK-230` when the library cannot be loaded, `UK-232`, `UK-233` when the process ends or hangs over it.
  static func start(_ library: LibraryFile, waiter: Bool, printed: PrintedText, limit: Duration) throws(Failure)
    -> HostProcess
  {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw Failure(.libraryNotLoaded, function: "socketpair", number: .errno(errno), context: library.path)
    }
    let ours = Descriptor(pair[0])
    let theirs = Descriptor(pair[1])
    var pipeEnds: [Int32] = [-1, -1]
    guard ukey_pipe(&pipeEnds, 0) == 0 else {
      throw Failure(.libraryNotLoaded, function: "pipe", number: .errno(errno), context: library.path)
    }
    let output = Descriptor(pipeEnds[0])
    let printing = Descriptor(pipeEnds[1])
    // The library's own end stays one that blocks.
    _ = fcntl(output.number, F_SETFL, O_NONBLOCK)

    let arguments =
      ["ukey", "provider-host", "--library", library.path, "--kind", library.kind.rawValue, "--parent", "\(getpid())"]
      + (waiter ? ["--waiter"] : []) + ["--sandbox", library.sandbox.rawValue]
      + library.files.flatMap { ["--file", $0] }
    let pid: Int32
    do throws(SystemError) {
      pid = try ChildSpawner.shared.spawn(arguments, socket: theirs.number, output: printing.number) {
        LibraryEnvironment.keeps($0, library.sandbox, named: library.variables)
      }
    } catch {
      throw Failure(.libraryNotLoaded, function: error.function, number: .errno(error.number), context: library.path)
    }
    // The new process has them now; ours are closed so that its end is seen as the end of the socket.
    theirs.close()
    printing.close()
    return try HostProcess(
      pid: pid, socket: ours, output: output, printed: printed, library: library, isWaiter: waiter, limit: limit)
  }

  private init(
    pid: pid_t, socket: Descriptor, output: Descriptor, printed: PrintedText, library: LibraryFile, isWaiter: Bool,
    limit: Duration
  ) throws(Failure) {
    self.pid = pid
    self.socket = socket
    self.output = output
    self.printed = printed
    self.isWaiter = isWaiter
    process = Descriptor(ukey_open_process(pid))
    let deadline = Instant.now + limit
    if case .reply(let first) = Self.receive(socket, output, process, printed, sequence: 0, until: deadline),
      first.kind == .confined
    {
      confinement = Confinement(rawValue: first.code)
    } else {
      confinement = []
    }
    switch Self.receive(socket, output, process, printed, sequence: 0, until: deadline) {
    case .reply(let reply) where reply.kind == .loaded:
      greeting = reply
    case .reply(let reply):
      Self.end(pid)
      Self.drain(output, printed)
      let name = library.path
      guard reply.code == 0 else {
        throw Failure(
          .libraryNotReady, function: "C_Initialize", number: .ckr(UInt(reply.code)),
          context: [CKR.name(reply.code) ?? "", name, printed.lastLine].filter { !$0.isEmpty }.joined(separator: " · "))
      }
      let reason = String(decoding: reply.data.prefix(500), as: UTF8.self)
      throw Failure(
        .libraryNotLoaded, function: "dlopen",
        context: [reason, printed.lastLine].filter { !$0.isEmpty }.joined(separator: " · "))
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
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], limit: Duration?, name: String
  ) -> Exchange {
    let deadline = limit.map { Instant.now + $0 }
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
    switch Self.receive(socket, output, process, printed, sequence: sequence, until: deadline) {
    case .reply(let reply): return .reply(reply)
    case .ended:
      let how: String
      if isWaiter {
        // It may have been told to cancel its wait: it is let go, not killed.
        finish()
        how = "waiter"
      } else {
        how = withSymbol(end())
      }
      return .failed(Failure(.libraryEnded, function: name, context: how), hadLeft: true)
    case .late:
      end()
      let seconds = (limit ?? .zero).components.seconds
      return .failed(Failure(.libraryTimeout, function: name, context: "\(seconds) s"), hadLeft: true)
    }
  }

  /// The loader ends a process that comes to a function which is nowhere, and says which.
  private func withSymbol(_ how: String) -> String {
    let line = printed.lastLine
    return how == "exit 127" && line.contains("undefined symbol") ? how + " · " + line : how
  }

  /// Waits for the end of one that was let go.
  func waitForEnd(until deadline: Instant) { _ = Descriptor.wait([(process.number, Int16(POLLIN))], until: deadline) }

  /// Makes a waiting ``exchange`` of another thread return.
  func interrupt() { shutdown(socket.number, Int32(SHUT_RDWR)) }

  /// Whether it still runs; what is left of it is ended if not.
  var isAlive: Bool {
    guard !isEnded else { return false }
    if hasEnded { end() }
    return !isEnded
  }

  /// Whether the kernel says that it has ended; where it cannot tell, the next call finds it out by the socket. Any thread
  /// may ask.
  var hasEnded: Bool {
    var entry = pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
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
    // It sees the end of its socket, cancels the library's wait and goes; it is ended when that takes too long.
    isEnded = true
    let (pid, process) = (pid, process)
    shutdown(socket.number, Int32(SHUT_RDWR))
    _ = WorkerThread.start {
      _ = Descriptor.wait([(process.number, Int16(POLLIN))], until: .now + Self.grace)
      Self.end(pid)
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
    // One that has ended by itself keeps its own status; the signal then meets a zombie. Its children stand in its group,
    // or come to us when it is gone.
    kill(-pid, SIGKILL)
    defer { Descendants.endAdopted() }
    return switch ProcessEnd.wait(for: pid) {
    case .exited(let code): "exit \(code)"
    case .signalled(let signal): "signal \(signal)"
    }
  }

  private enum Received {
    case reply(HostReply)
    case ended
    case late
  }

  private static func receive(
    _ socket: Descriptor, _ output: Descriptor, _ process: Descriptor, _ printed: PrintedText, sequence: UInt32,
    until deadline: Instant?
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
      let sources =
        [(socket.number, Int16(POLLIN)), (process.number, Int16(POLLIN))]
        + (isPrinting ? [(output.number, Int16(POLLIN))] : [])
      guard let ready = Descriptor.wait(sources, until: deadline) else { return .late }
      if ready.contains(output.number) {
        let text = output.read(atMost: 65_536)
        if text.isEmpty { isPrinting = false } else { printed.append(text) }
      }
      if ready.contains(socket.number) {
        let part = socket.read(atMost: wanted - bytes.count)
        if part.isEmpty { return .ended }
        bytes += part
      } else if ready.contains(process.number) {
        drain(output, printed)
        return .ended
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

  /// The last line that has something in it, at most 200 characters; not made safe to show.
  var lastLine: String {
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.last.map { String($0.prefix(200)) } ?? ""
  }

  /// Not made safe to show: ``displaySafe(_:)`` does that, line by line.
  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
