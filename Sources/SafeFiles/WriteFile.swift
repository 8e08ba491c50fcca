public import Failures
internal import Glibc

/// What became of writing a file.
public enum WriteOutcome: Sendable, Equatable {
  /// Where it went, as an absolute path.
  case written(String)
  /// The name is taken and overwriting was not asked for.
  case exists
  case failed(Failure)
}

/// Writes a file so that it is there whole or not at all, and never through a symbolic link: into a new file beside
/// it, then by `link` (which refuses an existing name) or, to overwrite, by `rename` (which replaces the name itself).
///
/// Blocks until the bytes are on disk; not for the UI loop.
///
/// - Parameters:
///   - mode: permission bits, less the umask: 0644 for what is public, 0600 for what concerns a person.
///   - durable: `false` leaves it to the system when the bytes reach the disk; for many files with one sync at the end.
public func writeFile(
  _ bytes: [UInt8], to givenPath: String, overwrite: Bool, mode: UInt32, durable: Bool = true
) -> WriteOutcome {
  let path = absolutePath(givenPath)
  guard !path.utf8.contains(0), let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else {
    return .failed(Failure(.fileWrite, function: "open", number: .errno(EISDIR), context: displaySafe(path)))
  }
  func failure(_ function: String) -> WriteOutcome {
    .failed(Failure(.fileWrite, function: function, number: .errno(errno), context: displaySafe(path)))
  }

  var status = stat()
  let isThere = lstat(path, &status) == 0
  if isThere && status.st_mode & S_IFMT == S_IFDIR {
    errno = EISDIR
    return failure("open")
  }
  if isThere && !overwrite { return .exists }

  let temporary = String(path[...slash] + ".ukey-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp")
  let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
  guard file >= 0 else { return failure("open") }
  var isDone = false
  defer { if !isDone { unlink(temporary) } }

  if let name = writeAll(file, bytes, durable: durable) {
    let saved = errno
    close(file)
    errno = saved
    return failure(name)
  }
  guard close(file) == 0 else { return failure("close") }

  if overwrite {
    guard rename(temporary, path) == 0 else { return failure("rename") }
    isDone = true
  } else if link(temporary, path) != 0 {
    if errno == EEXIST { return .exists }
    // No hard links here (FAT on a memory stick): the name was looked at above, and rename must do.
    guard errno == EPERM || errno == ENOTSUP || errno == ENOSYS else { return failure("link") }
    guard rename(temporary, path) == 0 else { return failure("rename") }
    isDone = true
  }
  if durable { syncDirectory(String(path[...slash])) }
  return .written(path)
}

/// Brings the names in a directory to disk, as far as its file system can.
public func syncDirectory(_ path: String) {
  let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// `nil` when all is written and on disk, else the function that failed.
private func writeAll(_ file: Int32, _ bytes: [UInt8], durable: Bool) -> String? {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), bytes.count - written) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return "write" }
    written += count
  }
  return !durable || fsync(file) == 0 ? nil : "fsync"
}

/// `~/` at the beginning is the home directory; a relative path begins at the working directory.
public func absolutePath(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  if path.hasPrefix("~/"), let home = getenv("HOME") { return String(cString: home) + "/" + path.dropFirst(2) }
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}
