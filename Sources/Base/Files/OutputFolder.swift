internal import CLinux
internal import Glibc
internal import Synchronization

/// A directory held open to write files into, so that its path is looked up once for all of them.
package struct OutputFolder: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// - Throws: when the directory cannot be opened.
  package init(_ givenPath: String) throws(SystemError) {
    let path = absolutePath(givenPath)
    self.path = path.hasSuffix("/") ? path : path + "/"
    descriptor = path.utf8.contains(0) ? -1 : ukey_open_folder(path)
    guard descriptor >= 0 else { throw SystemError("open", path.utf8.contains(0) ? EINVAL : errno, path) }
  }

  deinit { close(descriptor) }

  /// Writes a file whole or not at all, and never through a symbolic link: into a new file, then by `rename`, which
  /// replaces the name itself; unless `overwrite` it refuses a name that is taken.
  ///
  /// - Parameters:
  ///   - name: without a directory.
  ///   - durable: waits until the bytes are on disk; the name only is after ``syncDirectory(_:)``.
  package func write(
    _ bytes: [UInt8], name: String, overwrite: Bool, mode: UInt32, durable: Bool
  ) -> WriteOutcome {
    func failure(_ function: String, _ number: Int32 = errno) -> WriteOutcome {
      .failed(SystemError(function, number, path + name))
    }
    guard !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else { return failure("open", EINVAL) }
    let temporary = Self.temporaryName()
    let file = openat(descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard file >= 0 else { return failure("open") }
    var isDone = false
    defer { if !isDone { unlinkat(descriptor, temporary, 0) } }

    do throws(SystemError) {
      try writeAll(bytes[...], to: file)
      if durable, fsync(file) != 0 { throw SystemError("fsync", errno) }
    } catch {
      close(file)
      return failure(error.function, error.number)
    }
    guard close(file) == 0 else { return failure("close") }

    if !overwrite {
      if ukey_rename_noreplace(descriptor, temporary, name) == 0 {
        isDone = true
        return .written(path + name)
      }
      if errno == EEXIST { return .exists }
      guard errno == EINVAL || errno == ENOTSUP || errno == ENOSYS else { return failure("rename") }
      // A file system that cannot refuse (FAT on a memory stick): looking before must do.
      var status = stat()
      if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return .exists }
    }
    guard renameat(descriptor, temporary, descriptor, name) == 0 else { return failure("rename") }
    isDone = true
    return .written(path + name)
  }

  /// Random once a process: `O_EXCL` refuses what is there all the same.
  private static let prefix = ".ukey-" + String(UInt64.random(in: 0 ... .max), radix: 36) + "-"
  private static let serial = Atomic<UInt64>(0)

  /// A name that no other call uses.
  private static func temporaryName() -> String {
    prefix + String(serial.wrappingAdd(1, ordering: .relaxed).newValue) + ".tmp"
  }
}
