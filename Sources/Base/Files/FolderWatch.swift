internal import Glibc

/// Waits until something in some folders comes, goes or is complete. Sleeps in `poll`; nothing wakes it while nothing
/// happens. One thread waits, any may stop it.
package final class FolderWatch: Sendable {
  package enum Event: Sendable {
    case changed
    case late
    case stopped
  }

  private let notify: Int32
  private let pipe: WakePipe

  /// Folders that are not there are passed over.
  ///
  /// - Throws: when the system has no descriptors left.
  package init(_ folders: [String]) throws(SystemError) {
    pipe = try WakePipe()
    notify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notify >= 0 else { throw SystemError("inotify_init1", errno) }
    // A file that is being written is not complete before it is closed, or moved there.
    for folder in folders { inotify_add_watch(notify, folder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE)) }
  }

  deinit { close(notify) }

  /// - Parameter seconds: how long at most; at most an hour at a time.
  package func next(within seconds: Int64) -> Event {
    var sources = [
      pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: notify, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&sources, nfds_t(sources.count), Int32(clamping: max(0, min(seconds, 3600)) * 1000))
    if sources[0].revents != 0 { return .stopped }
    guard count > 0 else { return count < 0 && errno == EINTR ? .changed : .late }
    var block = [UInt8](repeating: 0, count: 4096)
    while read(notify, &block, block.count) > 0 {}
    return .changed
  }

  /// Makes ``next(within:)`` return now and always.
  package func stop() { pipe.wake() }
}
