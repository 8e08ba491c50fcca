import Base
import Failures
import Glibc
import Wording

/// Files that are there where a command is to write: a person is asked, a script has to say `--force`.
enum Overwriting {
  private static let limit = Duration.seconds(2)

  private static func isTaken(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  /// - Parameters:
  ///   - paths: what will be written; `nil` for what was not asked for.
  ///   - force: it was said beforehand.
  /// - Returns: whether what is there may be written over. Nothing is asked where nothing is there, of a program that reads JSON, nor
  ///   without a terminal.
  static func isAgreed(_ paths: [String?], force: Bool, _ common: CommonOptions) -> Bool {
    if force { return true }
    guard !common.json, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return false }
    // A folder that does not answer keeps no diagnosis from running.
    let taken = inTime(limit) { paths.compactMap { $0 }.filter(isTaken) } ?? []
    guard let first = taken.first else { return false }
    return LinePrompt.confirms(FileWords[common.language].overwrite(displaySafe(first), taken.count - 1))
  }
}
