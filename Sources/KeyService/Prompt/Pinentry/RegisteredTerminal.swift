internal import Base
package import Failures
internal import Glibc

/// The terminal on which the holder wants to be asked, written down for the service.
package struct RegisteredTerminal: Sendable, Equatable {
  /// Device, such as `/dev/pts/3`.
  package var path: String
  /// `TERM`.
  package var kind: String

  package init(path: String, kind: String) {
    self.path = path
    self.kind = kind
  }

  /// `nil` when none was written down, or it is not there any more, or is another user's.
  package init?(_ files: ServiceFiles) {
    guard let file = files.terminal, let bytes = try? readFile(file, limit: 1024),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    let lines = text.split(separator: "\n").map(String.init)
    guard lines.count == 2, lines[0].hasPrefix("/dev/"), !lines[0].contains(".."), lines[1].utf8.count <= 64,
      lines[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    var status = stat()
    guard stat(lines[0], &status) == 0, status.st_mode & S_IFMT == S_IFCHR, status.st_uid == getuid(),
      access(lines[0], R_OK | W_OK) == 0
    else { return nil }
    (path, kind) = (lines[0], lines[1])
  }

  /// - Throws: `UK-640` where the session has no folder for it; `UK-611`.
  package func write(_ files: ServiceFiles) throws(Failure) {
    guard let file = files.terminal else { throw Failure(.keyServiceAbsent, context: "XDG_RUNTIME_DIR") }
    try files.makeRuntime()
    let outcome = writeFile(Array((path + "\n" + kind + "\n").utf8), to: file, overwrite: true, mode: 0o600)
    if case .failed(let error) = outcome { throw Failure(.fileWrite, error) }
  }
}
