import Base
import Failures
import Glibc
import SmartCard
import TokenKit

/// Waits for the answer to an open request: a file that appears, a path typed in, or the end of the key. Sleeps in
/// `poll`; nothing wakes it while nothing happens.
final class AnswerWait: Sendable {
  enum Event {
    /// The file that was waited for is there.
    case file
    case typed(String)
    /// An empty line, or the end of input.
    case ended
    /// The time is over.
    case late
    /// The key was taken out, or its reader or the service went away.
    case keyGone
  }

  private let source: TokenSource
  private let pipe: WakePipe

  /// - Throws: `UK-999` when the system has no descriptors left.
  init(_ source: TokenSource, providers: [any TokenProvider]) throws(Failure) {
    self.source = source
    pipe = try Failure.mapping(.internalError, try WakePipe())
    for provider in providers where provider.name == source.provider {
      let started = WorkerThread.start { [self] in
        provider.watch { event in
          switch event {
          case .cardRemoved(source.reader), .readerRemoved(source.reader), .serviceDown: pipe.wake()
          default: break
          }
        }
      }
      if !started { throw Failure(.internalError, function: "pthread_create") }
    }
  }

  /// - Parameters:
  ///   - file: a path to wait for; it counts when it is there already, and once it is complete (closed after writing, or
  ///     moved there).
  ///   - typing: whether lines of standard input count.
  ///   - end: seconds since 1970-01-01 UTC.
  func next(file: String?, typing: Bool, until end: Int64) throws(Failure) -> Event {
    let notify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notify >= 0 else { throw Failure(.internalError, function: "inotify_init1", number: .errno(errno)) }
    defer { close(notify) }
    if let file {
      let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
      guard inotify_add_watch(notify, folder, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)) >= 0 else {
        throw Failure(.fileRead, function: "inotify_add_watch", number: .errno(errno), context: displaySafe(folder))
      }
    }
    // Never between: a file that is being copied is there, and not all of it.
    var mayBeComplete = true
    while true {
      var status = stat()
      if mayBeComplete, let file, lstat(file, &status) == 0, status.st_size > 0 { return .file }
      mayBeComplete = false
      var sources = [
        pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: notify, events: Int16(POLLIN), revents: 0),
        pollfd(fd: typing ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      ]
      let left = end - Int64(time(nil))
      guard left >= 0 else { return .late }
      // A second more than is left: the clock's seconds are not the timer's.
      let timeout = Int32(clamping: (min(left, 3600) + 1) * 1000)
      guard poll(&sources, nfds_t(sources.count), timeout) >= 0 || errno == EINTR else {
        throw Failure(.internalError, function: "poll", number: .errno(errno))
      }
      if sources[0].revents != 0 { return .keyGone }
      if sources[1].revents != 0 {
        mayBeComplete = Self.tells(notify, of: file?.split(separator: "/").last.map(String.init) ?? "")
      }
      if sources[2].revents != 0 {
        guard let line = LinePrompt.line(STDIN_FILENO), !line.isEmpty else { return .ended }
        return .typed(line)
      }
    }
  }

  /// Takes what inotify has to tell. - Returns: whether something of it is about this name, or some was lost.
  private static func tells(_ notify: Int32, of name: String) -> Bool {
    var isTold = false
    // Of inotify_event the watch, the mask and the length of the name behind it (inotify(7)).
    let (header, maskOffset, lengthOffset) = (16, 4, 12)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(notify, &buffer, buffer.count)
      guard count > 0 else { return isTold }
      buffer.withUnsafeBytes { bytes in
        var rest = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        while rest.count >= header {
          let mask = rest.loadUnaligned(fromByteOffset: maskOffset, as: UInt32.self)
          let length = Int(rest.loadUnaligned(fromByteOffset: lengthOffset, as: UInt32.self))
          guard length <= rest.count - header else { return }
          let told = rest[header..<header + length].prefix { $0 != 0 }
          if mask & UInt32(IN_Q_OVERFLOW) != 0 || told.elementsEqual(name.utf8) { isTold = true }
          rest = UnsafeRawBufferPointer(rebasing: rest[(header + length)...])
        }
      }
    }
  }
}
