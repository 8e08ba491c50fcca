internal import CPCSC
internal import Glibc

/// Waits for pcscd's socket to appear or change, without polling: inotify on its directory and on the one above, so
/// that a service that is installed or started later is noticed at once.
///
/// The watch is kept from the first wait on, so that nothing is missed between two: while the caller tries the service in
/// vain, its socket may just have been made.
final class ServiceSocket: @unchecked Sendable {
  // Unchecked: the pipe never changes after init, and the rest belongs to the one thread that waits.
  private let wakeRead: Int32
  private let wakeWrite: Int32
  private let path: String
  private var notifier: Int32 = -1
  /// The watch on the socket's directory, which may be deleted and made anew; -1 while it is not there.
  private var watch: Int32 = -1

  /// - Parameter path: of the socket; `nil` for the one that pcsc-lite would take.
  init(path: String? = nil) {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakeRead = ends[0]
    wakeWrite = ends[1]
    // pcsc-lite's own rule (winscard_clnt.c): the variable names the socket, otherwise the built-in path.
    self.path = path ?? getenv("PCSCLITE_CSOCK_NAME").map { String(cString: $0) } ?? "/run/pcscd/pcscd.comm"
  }

  deinit {
    for descriptor in [wakeRead, wakeWrite, notifier] where descriptor >= 0 { close(descriptor) }
  }

  /// Sleeps until something has changed at the socket's path since the last wait, or ``wake()`` is called.
  ///
  /// Returns at once when it has only now begun to watch the directory: what changed there before is not known.
  func waitForChange() {
    guard !beginWatching() else { return }
    var descriptors = [
      pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0), pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, 2, -1) < 0, errno == EINTR {}
    drain(wakeRead)
    drain(notifier)
  }

  /// - Returns: whether the directory is watched only from now on.
  private func beginWatching() -> Bool {
    if notifier < 0 { notifier = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) }
    guard notifier >= 0 else { return false }
    let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE)
    let directory = Self.parent(path)
    inotify_add_watch(notifier, Self.parent(directory), events)
    // The same number as before for a directory that is watched already.
    let old = watch
    watch = inotify_add_watch(notifier, directory, events)
    return watch >= 0 && watch != old
  }

  private func drain(_ descriptor: Int32) {
    guard descriptor >= 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }

  func wake() {
    var byte: UInt8 = 1
    _ = write(wakeWrite, &byte, 1)
  }

  private static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}
