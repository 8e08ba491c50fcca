internal import Base
internal import CPCSC
internal import Glibc

/// Waits for pcscd's socket to appear or change, without polling: inotify on its directory and on the one above, so
/// that a service that is installed or started later is noticed at once.
final class ServiceSocket: Sendable {
  /// Without descriptors nothing but a change at the path wakes it.
  private let pipe: WakePipe
  private let path: String

  /// - Parameter path: of the socket; `nil` for the one that pcsc-lite would take.
  init(path: String? = nil) {
    do { pipe = try WakePipe() } catch { pipe = .none() }
    self.path = path ?? PCSCService.socketPath
  }

  /// Changes at the socket's path from the moment it is made. To be made before the service is tried: one that comes
  /// while the attempt fails would be missed otherwise, and waited for without end.
  struct Changes: ~Copyable {
    fileprivate let notifier: Int32

    fileprivate init(at path: String) {
      notifier = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
      guard notifier >= 0 else { return }
      let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE)
      let directory = ServiceSocket.parent(path)
      // The one above first: a directory made between the two would otherwise be seen by neither.
      inotify_add_watch(notifier, ServiceSocket.parent(directory), events)
      inotify_add_watch(notifier, directory, events)
    }

    deinit { if notifier >= 0 { close(notifier) } }
  }

  func changes() -> Changes { Changes(at: path) }

  /// Sleeps until something has changed at the socket's path or ``wake()`` is called.
  func wait(for changes: borrowing Changes) {
    var descriptors = [
      pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: changes.notifier, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, 2, -1) < 0, errno == EINTR {}
    pipe.drain()
  }

  func wake() { pipe.wake() }

  private static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}

extension PCSCService {
  /// Where the service is reached, by pcsc-lite's own rule (winscard_clnt.c): the variable names the socket, otherwise the
  /// built-in path.
  package static var socketPath: String {
    getenv("PCSCLITE_CSOCK_NAME").map { String(cString: $0) } ?? "/run/pcscd/pcscd.comm"
  }
}
