internal import Glibc

/// Reads a regular file of at most `limit` bytes. A symbolic link at the end of the path, a pipe, a device are refused;
/// a file that grows while it is read is cut off by the limit, never followed.
///
/// - Throws: with `EFBIG` when the file is larger.
package func readFile(_ givenPath: String, limit: Int) throws(SystemError) -> [UInt8] {
  let path = absolutePath(givenPath)
  return try readFile(path, in: AT_FDCWD, limit: limit, shownAs: path)
}

/// The same for a name in a directory that is open, whose path is then not looked up again.
///
/// - Parameter shownAs: the name for a failure.
package func readFile(
  _ name: String, in folder: Int32, limit: Int, shownAs: @autoclosure () -> String
) throws(SystemError) -> [UInt8] {
  func failure(_ function: String, _ number: Int32) -> SystemError { SystemError(function, number, shownAs()) }
  guard !name.utf8.contains(0) else { throw failure("open", EINVAL) }
  // O_NONBLOCK: opening a pipe without a writer must not wait for one.
  let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
  guard file >= 0 else { throw failure("open", errno) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw failure("fstat", errno) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw failure("open", EINVAL) }
  guard status.st_size <= limit else { throw failure("read", EFBIG) }
  // One byte more than the size said, so that the end shows in the same read.
  let capacity = Int(status.st_size) + 1
  var number: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
    while count < capacity {
      let part = read(file, buffer.baseAddress?.advanced(by: count), capacity - count)
      if part < 0 && errno == EINTR { continue }
      if part < 0 { number = errno }
      if part <= 0 { return }
      count += part
    }
  }
  guard number == 0 else { throw failure("read", number) }
  guard bytes.count < capacity else { throw failure("read", EFBIG) }
  return bytes
}
