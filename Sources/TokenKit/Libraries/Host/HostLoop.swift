internal import Base
internal import CLinux
internal import Failures
internal import Glibc

/// The side of the library: performs calls, one after the other.
protocol LibraryExecutor: AnyObject, Sendable {
  /// What ``HostReply/Kind/loaded`` tells.
  var greeting: HostReply { get }
  /// Secrets are followed by a zero byte in memory.
  func perform(_ request: HostRequest, secrets: [UnsafeRawBufferPointer]) -> HostReply
  /// Ends a wait for events that another thread is in.
  func cancelWait()
}

/// Loads a library into this process.
enum LibraryLoader {
  enum Loaded {
    case executor(any LibraryExecutor)
    case refused(String)
    /// C_Initialize returned this.
    case notReady(UInt64)
  }

  static func load(_ path: String, _ kind: LibraryKind) -> Loaded {
    // Lazily and for itself: a symbol that the library lacks matters only when it is called.
    guard let handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL) else {
      return .refused(dlerror().map { String(cString: $0) } ?? "dlopen")
    }
    return switch kind {
    case .skf: SKFLibrary(handle, path: path).map { .executor($0) } ?? .refused("no SKF_ symbols")
    case .pkcs11: P11Module.load(handle)
    }
  }
}

/// The host process: `ukey provider-host`, started by ``HostProcess`` with a socket as descriptor 3.
package enum ProviderHost {
  /// Serves until the other side ends. Does not return.
  ///
  /// - Parameter parent: process id of the starter; when it has already ended there is nobody to serve.
  package static func run(
    library path: String, kind: LibraryKind, parent: Int32, isWaiter: Bool, sandbox: Sandbox, files: [String]
  ) -> Never {
    _ = ukey_die_with_parent()
    guard getppid() == parent else { exit(1) }
    guard ukey_set_undumpable() == 0 else { exit(1) }
    let socket = Descriptor(hidden(3))
    let confinement = Confinement.begin(ConfinementOrder(sandbox: sandbox, files: files), library: path)
    // Said before the library can say anything.
    send(HostReply(.confined, code: confinement.rawValue), sequence: 0, to: socket)
    let executor: any LibraryExecutor
    switch LibraryLoader.load(path, kind) {
    case .executor(let loaded): executor = loaded
    case .refused(let reason):
      send(HostReply(.notLoaded, data: Array(reason.utf8.prefix(1000))), sequence: 0, to: socket)
      exit(1)
    case .notReady(let code):
      send(HostReply(.notLoaded, code: code), sequence: 0, to: socket)
      exit(1)
    }
    _ = WorkerThread.start { watch(socket, executor, isWaiter: isWaiter) }
    send(executor.greeting, sequence: 0, to: socket)
    while serveOne(socket, executor) {}
    // Not exit(): destructors of a library at the end of the process are a common place to crash or hang.
    _exit(0)
  }

  /// Moves a descriptor to where a library that closes or writes to low numbers does not meet it by accident. It can
  /// find it, and gains nothing: what it sends there is an answer of its own.
  private static func hidden(_ number: Int32) -> Int32 {
    let moved = fcntl(number, F_DUPFD_CLOEXEC, Int32.random(in: 24..<56))
    guard moved >= 0 else { return number }
    close(number)
    return moved
  }

  /// Ends the process when the other side has ended, also while the library hangs in a call.
  private static func watch(_ socket: Descriptor, _ executor: any LibraryExecutor, isWaiter: Bool) {
    // No event asked for: the end of the other side is reported always.
    _ = Descriptor.wait([(socket.number, 0)], until: nil)
    if isWaiter {
      alarm(5)
      executor.cancelWait()
      // The waiter's own thread ends the process when the library lets go of it.
      sleep(4)
    }
    _exit(0)
  }

  private static func serveOne(_ socket: Descriptor, _ executor: any LibraryExecutor) -> Bool {
    guard let head = socket.readExactly(HostRequest.headerSize), let header = HostRequest.header(head),
      let data = header.dataCount == 0 ? [] : socket.readExactly(header.dataCount)
    else { return false }
    var request = header.request
    request.data = data
    let reply: HostReply?
    switch header.secrets.count {
    case 0: reply = executor.perform(request, secrets: [])
    case 1: reply = withSecret(socket, header.secrets[0]) { executor.perform(request, secrets: [$0]) }
    default:
      // Both are read before the library is called: a request is acted on only when it is whole.
      reply = withSecret(socket, header.secrets[0]) { first in
        withSecret(socket, header.secrets[1]) { executor.perform(request, secrets: [first, $0]) }
      }.flatMap { $0 }
    }
    guard let reply else { return false }
    return send(reply, sequence: header.sequence, to: socket)
  }

  /// Reads a secret straight into locked memory, which is overwritten when `body` has ended.
  private static func withSecret<Value>(
    _ socket: Descriptor, _ count: Int, _ body: (UnsafeRawBufferPointer) -> Value
  ) -> Value? {
    guard count < LockedMemory.pageSize, let memory = try? LockedMemory() else { return nil }
    var got = 0
    while got < count {
      let part = recv(socket.number, memory.base + got, count - got, 0)
      if part > 0 { got += part } else if part == 0 || errno != EINTR { return nil }
    }
    return body(memory.bytes(count))
  }

  @discardableResult
  private static func send(_ reply: HostReply, sequence: UInt32, to socket: Descriptor) -> Bool {
    reply.encoded(sequence: sequence).withUnsafeBytes { socket.send($0, until: nil) } == .done
  }
}
