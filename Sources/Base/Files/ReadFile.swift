internal import Glibc

/// Reads a regular file of at most `limit` bytes. A symbolic link at the end of the path, a pipe, a device are refused;
/// a file that grows while it is read is cut off by the limit, never followed.
///
/// - Parameter followsLinks: for files that the administrator may have put elsewhere.
/// - Throws: with `EFBIG` when the file is larger.
package func readFile(_ givenPath: String, limit: Int, followsLinks: Bool = false) throws(SystemError) -> [UInt8] {
  let path = absolutePath(givenPath)
  return try readFile(path, in: AT_FDCWD, limit: limit, followsLinks: followsLinks, shownAs: path)
}

/// The first bytes of a regular file, at most `limit`, links followed; also of the files of /proc and /sys, which claim
/// to have none.
package func readBeginning(of path: String, limit: Int) throws(SystemError) -> [UInt8] {
  let (file, _) = try openRegular(path, in: AT_FDCWD, followsLinks: true, shownAs: path)
  defer { close(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: max(0, min(limit, 4096)))
  while bytes.count < limit {
    let count = read(file, &block, min(block.count, limit - bytes.count))
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw SystemError("read", errno, path) }
    if count == 0 { break }
    bytes += block.prefix(count)
  }
  return bytes
}

/// The same for a name in a directory that is open, whose path is then not looked up again.
///
/// - Parameter shownAs: the name for a failure.
package func readFile(
  _ name: String, in folder: Int32, limit: Int, followsLinks: Bool = false, shownAs: @autoclosure () -> String
) throws(SystemError) -> [UInt8] {
  let (file, size) = try openRegular(name, in: folder, followsLinks: followsLinks, shownAs: shownAs())
  defer { close(file) }
  guard size <= limit else { throw SystemError("read", EFBIG, shownAs()) }
  // One byte more than the size said, so that the end shows in the same read.
  let capacity = size + 1
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
  guard number == 0 else { throw SystemError("read", number, shownAs()) }
  guard bytes.count < capacity else { throw SystemError("read", EFBIG, shownAs()) }
  return bytes
}

/// Opens a regular file for reading without waiting for anything. - Returns: its descriptor, and the size it claims.
private func openRegular(
  _ name: String, in folder: Int32, followsLinks: Bool, shownAs: @autoclosure () -> String
) throws(SystemError) -> (file: Int32, size: Int) {
  guard !name.utf8.contains(0) else { throw SystemError("open", EINVAL, shownAs()) }
  // O_NONBLOCK: opening a pipe without a writer must not wait for one.
  let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
  let file = openat(folder, name, flags)
  guard file >= 0 else { throw SystemError("open", errno, shownAs()) }
  var status = stat()
  let problem: (String, Int32)? =
    fstat(file, &status) != 0 ? ("fstat", errno) : status.st_mode & S_IFMT != S_IFREG ? ("open", EINVAL) : nil
  if let problem {
    close(file)
    throw SystemError(problem.0, problem.1, shownAs())
  }
  return (file, Int(status.st_size))
}
