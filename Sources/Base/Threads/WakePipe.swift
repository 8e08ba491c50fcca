internal import CLinux
internal import Glibc

/// A pipe by which one thread makes another return from `poll`. It never blocks and no child inherits it; closed at its
/// end.
package struct WakePipe: ~Copyable, Sendable {
  package let readEnd: Int32
  package let writeEnd: Int32

  /// - Throws: when the process has no descriptors left.
  package init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard ukey_pipe(&ends, 1) == 0 else { throw SystemError("pipe", errno) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  private init(none: Void) {
    readEnd = -1
    writeEnd = -1
  }

  /// One that wakes nobody, where a process without descriptors goes on all the same.
  package static func none() -> WakePipe { WakePipe(none: ()) }

  deinit {
    guard readEnd >= 0 else { return }
    close(readEnd)
    close(writeEnd)
  }

  /// One byte that makes the read end readable. A full pipe is readable already.
  package borrowing func wake() {
    var byte: UInt8 = 1
    while write(writeEnd, &byte, 1) < 0 && errno == EINTR {}
  }

  /// All bytes that are there now, at most 64 KiB.
  @discardableResult
  package borrowing func drain() -> [UInt8] {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while result.count < 65_536 {
      let length = read(readEnd, &block, block.count)
      if length < 0 && errno == EINTR { continue }
      if length <= 0 { break }
      result += block[..<length]
    }
    return result
  }
}
