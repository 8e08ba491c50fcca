internal import Base
package import Failures
internal import Glibc
package import LoginToken
internal import Synchronization
package import TokenKit

/// What reaches a manager from the key service.
package enum LinkEvent: Sendable {
  case connected(version: String)
  /// The service ended, or is not there; all its questions are over.
  case disconnected
  case permit(Int, PermissionQuestion)
  case pin(Int, PINQuestion)
  case withdrawn(Int)
  /// A PIN that was typed for this question was used: for the first time from its screen, later out of a page's login.
  case used(Int, WebOrigin, SignOutcome)
  /// The service needs the PIN of this question no more.
  case ended(Int)
  case openPINChange(Int, WebOrigin)
  case status(ServiceStatus)
}

/// A manager's way to the key service: waits until there is one, tells what it asks, and uses the PINs that were typed
/// for it, in this process and on threads of its own.
package final class ManagerLink: Sendable {
  private struct Held {
    var origin: WebOrigin
    var certificate: HolderCertificate
    var consent: TryConsent
    var lease: any PINLease
  }

  private struct State {
    var stream: ControlStream?
    var isStopped = false
    /// PINs that were typed and are still needed, by their questions.
    var held: [Int: Held] = [:]
  }

  private let files: ServiceFiles
  private let state = Mutex(State())
  private let wake: WakePipe
  private let outbox = CardQueue()

  /// - Throws: `UK-999` when the process has no descriptors left.
  package init(_ files: ServiceFiles) throws(Failure) {
    self.files = files
    do throws(SystemError) { wake = try WakePipe() } catch { throw Failure(.internalError, error) }
  }

  /// Tells events from now on, on a thread of its own.
  package func start(_ deliver: @escaping @Sendable (LinkEvent) -> Void) {
    _ = WorkerThread.start { [self] in run(deliver) }
  }

  /// Ends the connection and overwrites every PIN that is held.
  package func stop() {
    let stream = state.withLock { state in
      state.isStopped = true
      return state.stream
    }
    stream?.end()
    wake.wake()
    forgetAll()
  }

  // MARK: What the manager says

  /// Returns at once; what is said arrives in the order in which it was.
  package func say(_ message: ClientMessage) {
    guard let stream = state.withLock({ $0.stream }) else { return }
    _ = outbox.run { stream.send(message.json) }
  }

  /// A PIN was typed for this question. It is held until the service has used it.
  ///
  /// - Parameters:
  ///   - certificate: with the source by which this process reaches the key.
  ///   - consent: what the holder agreed to.
  package func typed(
    _ id: Int, _ question: PINQuestion, _ certificate: HolderCertificate, _ consent: TryConsent, _ lease: any PINLease
  ) {
    let stream = state.withLock { state -> ControlStream? in
      guard let stream = state.stream else { return nil }
      state.held[id] = Held(origin: question.origin, certificate: certificate, consent: consent, lease: lease)
      return stream
    }
    guard let stream else {
      lease.end()
      return
    }
    _ = outbox.run { stream.send(ClientMessage.typed(id).json) }
  }

  // MARK: The thread

  private func run(_ deliver: @Sendable (LinkEvent) -> Void) {
    // Made here, so that its coming can be waited for.
    guard let path = files.control, (try? files.makeRuntime()) != nil else { return }
    while !state.withLock({ $0.isStopped }) {
      let watch = SocketWatch(path)
      if let stream = try? ControlStream(connecting: path) {
        serve(stream, deliver)
        continue
      }
      guard let watch, watch.wait(wake.readEnd) else { return }
    }
  }

  private func serve(_ stream: ControlStream, _ deliver: @Sendable (LinkEvent) -> Void) {
    let isStopped = state.withLock { state in
      state.stream = stream
      return state.isStopped
    }
    if !isStopped, stream.send(ClientMessage.manager.json) {
      while let json = stream.receive(), let message = ServiceMessage(json) { take(message, stream, deliver) }
    }
    stream.end()
    state.withLock { $0.stream = nil }
    forgetAll()
    deliver(.disconnected)
  }

  private func take(_ message: ServiceMessage, _ stream: ControlStream, _ deliver: @Sendable (LinkEvent) -> Void) {
    switch message {
    case .welcome(let version): deliver(.connected(version: version))
    case .permit(let id, let question): deliver(.permit(id, question))
    case .pin(let id, let question): deliver(.pin(id, question))
    case .withdraw(let id):
      forget(id)
      deliver(.withdrawn(id))
    case .verify(let id):
      use(id, stream, deliver) { held in .pin(held.lease.verify(held.certificate, consent: held.consent)) }
    case .sign(let id, let bytes):
      use(id, stream, deliver) { held in held.lease.sign(bytes, with: held.certificate, consent: held.consent) }
    case .end(let id):
      forget(id)
      deliver(.ended(id))
    case .openPINChange(let id, let origin): deliver(.openPINChange(id, origin))
    case .status(let status): deliver(.status(status))
    case .done: break
    }
  }

  /// On this very thread: what comes after it, the end of the PIN among it, waits for it.
  private func use(
    _ id: Int, _ stream: ControlStream, _ deliver: @Sendable (LinkEvent) -> Void, _ body: (Held) -> SignOutcome
  ) {
    guard let held = state.withLock({ $0.held[id] }) else {
      _ = stream.send(ClientMessage.outcome(id, .pin(.notSent(.failure(Failure(.cancelled))))).json)
      return
    }
    let outcome = body(held)
    deliver(.used(id, held.origin, outcome))
    _ = stream.send(ClientMessage.outcome(id, outcome).json)
  }

  private func forget(_ id: Int) { state.withLock { $0.held.removeValue(forKey: id) }?.lease.end() }

  private func forgetAll() {
    let held = state.withLock { state in
      defer { state.held = [:] }
      return Array(state.held.values)
    }
    held.forEach { $0.lease.end() }
  }
}

/// Waits for a name to appear in a folder.
private final class SocketWatch {
  private let descriptor: Int32
  private let name: String

  init?(_ path: String) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    name = String(path[slash...].dropFirst())
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    // All is set: what ends here runs `deinit`, which closes; closed here too, the number could be another's by then.
    guard descriptor >= 0,
      inotify_add_watch(descriptor, String(path[..<slash]), UInt32(IN_MOVED_TO | IN_CREATE)) >= 0
    else { return nil }
  }

  deinit { close(descriptor) }

  /// - Parameter wake: makes it return too.
  /// - Returns: `false` when it cannot be waited for.
  func wait(_ wake: Int32) -> Bool {
    while true {
      var entries = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&entries, 2, -1)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      if entries[1].revents != 0 { return true }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let length = read(descriptor, &buffer, buffer.count)
      guard length > 0 else { return false }
      // Which name does not matter much: another look costs little, and nothing else appears there often.
      if String(decoding: buffer[..<length], as: UTF8.self).contains(name) { return true }
    }
  }
}
