internal import Base
internal import Failures
internal import Glibc
internal import Synchronization

/// The service's own end: a Unix socket that only its user can connect to.
final class ControlListener: Sendable {
  private let descriptor: Int32
  private let path: String
  private let wake: WakePipe
  private let isStopped = Atomic(false)

  /// Listens at `path`, whose folder is this user's alone. A socket that a service left behind is replaced.
  ///
  /// - Throws: `UK-642` when another service listens there; `UK-611`.
  init(path: String) throws(Failure) {
    if let other = try? ControlStream(connecting: path) {
      other.end()
      throw Failure(.keyServiceRunning, context: "pid \(other.peer)")
    }
    let wake: WakePipe
    do throws(SystemError) { wake = try WakePipe() } catch { throw Failure(.fileWrite, error) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(.fileWrite, SystemError("socket", errno, path)) }
    // Under another name until it listens: who waits for the name can connect at once.
    let early = path + ".new"
    unlink(early)
    let isBound = withSocketAddress(early) { bind(descriptor, $0, $1) } == 0
    guard isBound, chmod(early, 0o600) == 0, listen(descriptor, 16) == 0, rename(early, path) == 0 else {
      let error = SystemError("bind", errno, path)
      close(descriptor)
      unlink(early)
      throw Failure(.fileWrite, error)
    }
    self.descriptor = descriptor
    self.path = path
    self.wake = wake
  }

  deinit { close(descriptor) }

  /// Takes connections on a thread of its own until ``stop()``. Those of other users, and of libraries, are closed at once.
  func start(_ connected: @escaping @Sendable (ControlStream) -> Void) -> Bool {
    WorkerThread.start { [self] in
      while !isStopped.load(ordering: .acquiring) {
        var entries = [
          pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
          pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, -1) > 0, entries[0].revents != 0 else { continue }
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else { continue }
        do throws(SystemError) {
          let stream = try ControlStream(adopting: accepted)
          if !PeerProcess(stream.peer).isLibrary { connected(stream) }
        } catch {}
      }
    }
  }

  func stop() {
    isStopped.store(true, ordering: .releasing)
    wake.wake()
    unlink(path)
  }
}
