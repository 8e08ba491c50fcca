import Base
import Failures
import Glibc

/// A file that lines are put at the end of, each at once.
enum LogFile {
  /// - Returns: what writes a line; a line that cannot be written is lost, and the window goes on.
  /// - Throws: `UK-611` when it cannot be opened, or is no file.
  static func opened(_ file: String) throws(Failure) -> @Sendable (String) -> Void {
    let path = absolutePath(file)
    // Not through a link that another user laid: what it points to would be written.
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw Failure(.fileWrite, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Failure(.fileWrite, function: "open", number: .errno(EINVAL), context: displaySafe(path))
    }
    return { line in
      let bytes = Array(line.utf8)
      _ = write(descriptor, bytes, bytes.count)
    }
  }
}
