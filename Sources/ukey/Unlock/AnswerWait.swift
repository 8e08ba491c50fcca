import Base
import Failures
import Glibc
import TokenKit

/// Waits for the answer to an open request: a file that appears, a path typed in, or the end of the key. Sleeps in
/// `poll`; nothing wakes it while nothing happens.
final class AnswerWait: @unchecked Sendable {
  // Unchecked: the descriptors do not change after init; the pipe is the only thing that threads share.
  enum Event {
    /// The file that was waited for is there.
    case file
    case typed(String)
    /// An empty line, or the end of input.
    case ended
    /// The key was taken out, or its reader or the service went away.
    case keyGone
  }

  private let source: TokenSource
  private let reading: Int32
  private let writing: Int32

  /// - Throws: `UK-999` when the system has no descriptors left.
  init(_ source: TokenSource, providers: [any TokenProvider]) throws(Failure) {
    self.source = source
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure(.internalError, function: "pipe", number: .errno(errno)) }
    (reading, writing) = (ends[0], ends[1])
    for provider in providers where provider.name == source.provider {
      let started = WorkerThread.start { [self] in
        provider.watch { event in
          switch event {
          case .removed(source.reader), .gone(source.reader), .down:
            var byte: UInt8 = 1
            _ = write(writing, &byte, 1)
          default: break
          }
        }
      }
      if !started { throw Failure(.internalError, function: "pthread_create") }
    }
  }

  /// - Parameters:
  ///   - file: a path to wait for; it counts once it is complete (closed after writing, or moved there).
  ///   - typing: whether lines of standard input count.
  func next(file: String?, typing: Bool) throws(Failure) -> Event {
    let notify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notify >= 0 else { throw Failure(.internalError, function: "inotify_init1", number: .errno(errno)) }
    defer { close(notify) }
    if let file {
      let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
      guard inotify_add_watch(notify, folder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE)) >= 0 else {
        throw Failure(.fileRead, function: "inotify_add_watch", number: .errno(errno), context: displaySafe(folder))
      }
    }
    while true {
      var status = stat()
      if let file, lstat(file, &status) == 0, status.st_size > 0 { return .file }
      var sources = [
        pollfd(fd: reading, events: Int16(POLLIN), revents: 0), pollfd(fd: notify, events: Int16(POLLIN), revents: 0),
        pollfd(fd: typing ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 || errno == EINTR else {
        throw Failure(.internalError, function: "poll", number: .errno(errno))
      }
      if sources[0].revents != 0 { return .keyGone }
      if sources[1].revents != 0 {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(notify, &buffer, buffer.count) > 0 {}
      }
      if sources[2].revents != 0 {
        guard let line = LinePrompt.line(STDIN_FILENO), !line.isEmpty else { return .ended }
        return .typed(line)
      }
    }
  }
}
