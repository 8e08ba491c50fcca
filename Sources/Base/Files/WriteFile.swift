internal import Glibc

/// What became of writing a file.
package enum WriteOutcome: Sendable, Equatable {
  /// Where it went, as an absolute path.
  case written(String)
  /// The name is taken and overwriting was not asked for.
  case exists
  case failed(SystemError)
}

/// Writes a file so that it is there whole or not at all, and never through a symbolic link: into a new file beside
/// it, then by `rename`, which replaces the name itself; unless `overwrite` it refuses a name that is taken.
///
/// Blocks until the bytes are on disk; not for the UI loop.
///
/// - Parameters:
///   - mode: permission bits, less the umask: 0644 for what is public, 0600 for what concerns a person.
///   - durable: `false` leaves it to the system when the bytes reach the disk; for many files with one sync at the end.
package func writeFile(
  _ bytes: [UInt8], to givenPath: String, overwrite: Bool, mode: UInt32, durable: Bool = true
) -> WriteOutcome {
  let path = absolutePath(givenPath)
  guard !path.utf8.contains(0), let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else {
    return .failed(SystemError("open", EISDIR, path))
  }
  var status = stat()
  if lstat(path, &status) == 0 {
    if status.st_mode & S_IFMT == S_IFDIR { return .failed(SystemError("open", EISDIR, path)) }
    if !overwrite { return .exists }
  }

  let folder: OutputFolder
  do throws(SystemError) { folder = try OutputFolder(String(path[...slash])) } catch { return .failed(error) }
  let name = String(path[path.index(after: slash)...])
  let outcome = folder.write(bytes, name: name, overwrite: overwrite, mode: mode, durable: durable)
  if durable, case .written = outcome { syncDirectory(String(path[...slash])) }
  if case .written = outcome { return .written(path) }
  return outcome
}

/// Brings the names in a directory to disk, as far as its file system can.
package func syncDirectory(_ path: String) {
  let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}
