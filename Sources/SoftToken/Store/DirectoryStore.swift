internal import Base
package import Failures
import Glibc

/// A store in a directory of its own: `NAME.state`, written as `NAME.new` + fsync + rename + fsync of the directory.
///
/// Files have mode 0600, a new directory 0700. The file `lock` is held with flock(2) as long as this object lives, so
/// that two processes (or two objects) never write the same state.
package final class DirectoryStore: StateStore {
  /// The places where a test can stop a save, in order.
  enum Step: CaseIterable {
    case opened, halfWritten, written, synced, renamed
  }

  /// Largest state read back, bytes.
  static let limit = 16 << 20

  /// For tests: called at each step of a save; returning true ends the save there, as a crash would.
  var interrupt: ((Step) -> Bool)?

  private let path: String
  private let fileName: String
  private let temporaryName: String
  private let directory: Int32
  private let lock: Int32

  /// Opens, and if needed makes, the directory (not its parents) and locks it.
  ///
  /// - Parameter name: tells the kinds of card apart; letters, digits and hyphens.
  /// - Throws: `UK-620`: no directory, no permission, or in use by another process (errno `EWOULDBLOCK`).
  package init(directory path: String, name: String = "token") throws(Failure) {
    self.path = path
    fileName = name + ".state"
    temporaryName = name + ".new"
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure("mkdir", path) }
    directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw Self.failure("open", path) }
    lock = openat(directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // From here on all is set, so that a throw runs `deinit`: closed here as well, the numbers could be another's by then.
    guard lock >= 0 else { throw Self.failure("openat", path + "/lock") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure("flock", path + "/lock") }
  }

  deinit {
    // Closing alone does not let go: a child that another thread is just starting holds a copy of the descriptor until
    // it has become the other program.
    if lock >= 0 {
      flock(lock, LOCK_UN)
      close(lock)
    }
    close(directory)
  }

  package func load() throws(Failure) -> [UInt8]? {
    do throws(SystemError) {
      return try readFile(fileName, in: directory, limit: Self.limit, shownAs: path + "/" + fileName)
    } catch {
      if error.number == ENOENT { return nil }
      throw Failure(.softTokenState, error)
    }
  }

  package func save(_ block: [UInt8]) throws(Failure) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let file = openat(directory, temporaryName, flags, 0o600)
    guard file >= 0 else { throw failure("openat") }
    do {
      defer { close(file) }
      // A file left by a crash may have any mode.
      guard fchmod(file, 0o600) == 0 else { throw failure("fchmod") }
      try pause(.opened)
      try write(block[..<(block.count / 2)], to: file)
      try pause(.halfWritten)
      try write(block[(block.count / 2)...], to: file)
      try pause(.written)
      guard fsync(file) == 0 else { throw failure("fsync") }
    }
    try pause(.synced)
    guard renameat(directory, temporaryName, directory, fileName) == 0 else { throw failure("renameat") }
    try pause(.renamed)
    guard fsync(directory) == 0 else { throw failure("fsync") }
  }

  private func write(_ bytes: ArraySlice<UInt8>, to file: Int32) throws(Failure) {
    do throws(SystemError) { try writeAll(bytes, to: file) } catch { throw failure(error.function, error.number) }
  }

  private func pause(_ step: Step) throws(Failure) {
    guard interrupt?(step) != true else { throw Failure(.softTokenState, function: "interrupted") }
  }

  private func failure(_ function: String, _ number: Int32 = errno) -> Failure {
    Failure(.softTokenState, function: function, number: .errno(number), context: path + "/" + fileName)
  }

  private static func failure(_ function: String, _ path: String) -> Failure {
    Failure(.softTokenState, function: function, number: .errno(errno), context: path)
  }
}
