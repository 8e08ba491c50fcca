internal import Base
internal import Glibc

/// A file descriptor that is closed once.
final class Descriptor: @unchecked Sendable {
  // Unchecked: `close()` is for who has made it and has not given it to another thread.
  private(set) var number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close() }

  /// Closes it before its time.
  func close() {
    if number >= 0 { Glibc.close(number) }
    number = -1
  }

  enum Transfer: Equatable {
    case done
    /// The other side is gone, after so many bytes.
    case ended(Int)
    /// The deadline passed, after so many bytes.
    case late(Int)
  }

  /// Sends all of `bytes` without raising SIGPIPE. Without a deadline: for ever.
  func send(_ bytes: UnsafeRawBufferPointer, until deadline: Instant?) -> Transfer {
    var sent = 0
    while sent < bytes.count {
      let part = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count = Glibc.send(number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        guard Self.wait([(number, Int16(POLLOUT))], until: deadline) != nil else { return .late(sent) }
      } else if errno != EINTR {
        return .ended(sent)
      }
    }
    return .done
  }

  /// Reads what is there, at most `count` bytes; empty at the end. Blocks unless the descriptor does not.
  func read(atMost count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got = -1
      repeat { got = Glibc.read(number, buffer.baseAddress, count) } while got < 0 && errno == EINTR
      filled = max(got, 0)
    }
  }

  /// Reads exactly so many bytes, blocking; `nil` when the other side ended before.
  func readExactly(_ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let part = read(atMost: count - bytes.count)
      if part.isEmpty { return nil }
      bytes += part
    }
    return bytes
  }

  /// Waits until one of the descriptors is ready (or has ended); `nil` when the deadline passes first.
  static func wait(_ wanted: [(Int32, Int16)], until deadline: Instant?) -> [Int32]? {
    var entries = wanted.map { pollfd(fd: $0.0, events: $0.1, revents: 0) }
    while true {
      let milliseconds = deadline?.pollTimeout ?? -1
      if milliseconds == 0 { return nil }
      let ready = poll(&entries, nfds_t(entries.count), milliseconds)
      if ready > 0 { return entries.filter { $0.revents != 0 }.map(\.fd) }
      if ready < 0, errno != EINTR { return wanted.map(\.0) }
    }
  }
}
