internal import Glibc

/// Writes all of the bytes, whatever interrupts it. - Throws: after what could be written.
package func writeAll(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(SystemError) {
  var rest = bytes
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw SystemError("write", errno) }
    rest = rest.dropFirst(count)
  }
}
