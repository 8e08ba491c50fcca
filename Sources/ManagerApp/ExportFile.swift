import Failures
import Glibc

/// Writes a file so that it is there whole or not at all, and never through a symbolic link: into a new file beside
/// it, then by `link` (which refuses an existing name) or, to overwrite, by `rename` (which replaces the name itself).
///
/// Mode 0644 less the umask: a certificate is public. Blocks; not for the UI loop.
package func writeExport(_ job: ExportJob) -> ExportOutcome {
  let path = absolute(job.path)
  guard let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else {
    return .failed(Failure(.fileWrite, function: "open", number: .errno(EISDIR), context: displaySafe(path)))
  }
  func failure(_ function: String) -> ExportOutcome {
    .failed(Failure(.fileWrite, function: function, number: .errno(errno), context: displaySafe(path)))
  }

  var status = stat()
  let isThere = lstat(path, &status) == 0
  if isThere && status.st_mode & S_IFMT == S_IFDIR {
    errno = EISDIR
    return failure("open")
  }
  if isThere && !job.overwrite { return .exists }

  let temporary = path[...slash] + ".ukey-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
  let file = open(String(temporary), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
  guard file >= 0 else { return failure("open") }
  var isDone = false
  defer { if !isDone { unlink(String(temporary)) } }

  if let name = writeAll(file, job.bytes) {
    let saved = errno
    close(file)
    errno = saved
    return failure(name)
  }
  guard close(file) == 0 else { return failure("close") }

  if job.overwrite {
    guard rename(String(temporary), path) == 0 else { return failure("rename") }
    isDone = true
  } else if link(String(temporary), path) != 0 {
    if errno == EEXIST { return .exists }
    // No hard links here (FAT on a memory stick): the name was looked at above, and rename must do.
    guard errno == EPERM || errno == ENOTSUP || errno == ENOSYS else { return failure("link") }
    guard rename(String(temporary), path) == 0 else { return failure("rename") }
    isDone = true
  }
  let folder = open(String(path[...slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if folder >= 0 {
    fsync(folder)
    close(folder)
  }
  return .written(path)
}

/// `nil` when all is written and on disk, else the function that failed.
private func writeAll(_ file: Int32, _ bytes: [UInt8]) -> String? {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), bytes.count - written) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return "write" }
    written += count
  }
  return fsync(file) == 0 ? nil : "fsync"
}

private func absolute(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  if path.hasPrefix("~/"), let home = getenv("HOME") { return String(cString: home) + "/" + path.dropFirst(2) }
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}
