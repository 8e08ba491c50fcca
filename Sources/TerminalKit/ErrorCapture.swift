import Glibc

/// Takes what libraries print on standard error while the screen is up, and keeps the last part of it.
final class ErrorCapture {
  static let limit = 16 * 1024

  private let pipe: Pipe
  private let original: Int32
  private var bytes: [UInt8] = []

  /// `nil` when there are no descriptors left: then nothing is captured.
  init?() {
    guard let pipe = Pipe() else { return nil }
    let original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard original >= 0 else { return nil }
    self.pipe = pipe
    self.original = original
    attach()
  }

  deinit {
    detach()
    close(original)
  }

  var readEnd: Int32 { pipe.readEnd }

  /// Points descriptor 2 at the pipe.
  func attach() {
    dup2(pipe.writeEnd, STDERR_FILENO)
    emergency.pointee.captured = pipe.readEnd
    emergency.pointee.standardError = original
  }

  /// Gives descriptor 2 back.
  func detach() {
    emergency.pointee.standardError = -1
    emergency.pointee.captured = -1
    dup2(original, STDERR_FILENO)
  }

  /// Takes what is in the pipe into the ring.
  func absorb() {
    bytes += pipe.drain()
    if bytes.count > ErrorCapture.limit { bytes.removeFirst(bytes.count - ErrorCapture.limit) }
  }

  /// The last of what was printed; bytes that are not UTF-8 are replaced.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
