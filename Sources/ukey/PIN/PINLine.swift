import Glibc
import TokenKit

/// A line that ends with a PIN, written from the PIN's own memory: it is never part of a string.
enum PINLine {
  /// - Returns: 0, or the `errno` with which it was not written, or not whole.
  static func write(before: String, _ pin: borrowing PIN, to descriptor: Int32) -> Int32 {
    var text = before
    return text.withUTF8 { head in
      pin.withBytes { secret in
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { end in
          end[0] = 0x0A
          var parts = [
            iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: secret.baseAddress), iov_len: secret.count),
            iovec(iov_base: end.baseAddress, iov_len: 1),
          ]
          let count = writev(descriptor, &parts, 3)
          return count < 0 ? errno : count == head.count + secret.count + 1 ? 0 : ENOSPC
        }
      }
    }
  }
}
