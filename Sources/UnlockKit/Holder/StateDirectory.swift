internal import Base
package import Failures
internal import Glibc

/// What the holder's side keeps between runs: open challenges, responses already applied, and the 经办人 if asked to.
///
/// `$XDG_STATE_HOME/ukey`, else `~/.local/state/ukey`; directories 0700, files 0600.
package struct StateDirectory: Sendable {
  package var path: String

  package init(path: String) { self.path = absolutePath(path) }

  /// The user's own. - Throws: `UK-611` when there is no home directory.
  package static func ofUser() throws(Failure) -> StateDirectory {
    if let state = TrustedPath.own("XDG_STATE_HOME") { return StateDirectory(path: state + "/ukey") }
    guard let home = TrustedPath.home else {
      throw Failure(.fileWrite, function: "getenv", context: "~/.local/state/ukey ($HOME?)")
    }
    return StateDirectory(path: home + "/.local/state/ukey")
  }

  /// Makes the directory itself. - Throws: `UK-611`.
  package func prepare() throws(Failure) { _ = try make("applied") }

  /// Makes the directory and those above it. - Returns: its path. - Throws: `UK-611`; `UK-614` when another user could have
  /// written there.
  package func make(_ name: String) throws(Failure) -> String {
    let full = path + "/" + name
    var position = full.index(after: full.startIndex)
    while true {
      let end = full[position...].firstIndex(of: "/") ?? full.endIndex
      let part = String(full[..<end])
      if mkdir(part, 0o700) != 0, errno != EEXIST {
        let number = errno
        var status = stat()
        // A directory above that may be entered but not written to answers EACCES or EROFS though it is there.
        guard stat(part, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
          throw Failure(.fileWrite, function: "mkdir", number: .errno(number), context: displaySafe(part))
        }
      }
      if end == full.endIndex {
        // An open challenge or a used response that another user could have put here is none.
        try Failure.checkTrust(full, missing: .fileWrite)
        return full
      }
      position = full.index(after: end)
    }
  }
}

/// Names of responses that were sent to a key. Entered before sending, so that no crash opens a second chance; taken
/// back when nothing was sent.
package struct AppliedResponses: Sendable {
  private let directory: StateDirectory

  package init(_ directory: StateDirectory) { self.directory = directory }

  package func contains(_ digest: [UInt8]) -> Bool {
    var status = stat()
    return lstat(directory.path + "/applied/" + lowerHexText(digest), &status) == 0
  }

  /// - Throws: `UK-513` when it is there already (another program may be faster), `UK-611`.
  package func enter(_ digest: [UInt8]) throws(Failure) {
    let folder = try directory.make("applied")
    let path = folder + "/" + lowerHexText(digest)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      if errno == EEXIST { throw Failure(.responseReplayed) }
      throw Failure(.fileWrite, function: "open", number: .errno(errno), context: displaySafe(path))
    }
    fsync(file)
    close(file)
    syncDirectory(folder)
  }

  /// Nothing was sent after all.
  package func takeBack(_ digest: [UInt8]) { unlink(directory.path + "/applied/" + lowerHexText(digest)) }
}
