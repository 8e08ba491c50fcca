internal import Base
internal import Glibc

extension PinentryPrompt.Place {
  /// The terminal that the holder registered, else the display of this process; `nil` when there is neither.
  package static func find(_ files: ServiceFiles) -> PinentryPrompt.Place? {
    if let terminal = files.terminal, let found = Terminal(file: terminal) {
      // Without a display pinentry takes the terminal, whichever one it is.
      return PinentryPrompt.Place(
        environment: ["TERM": found.kind, "DISPLAY": "", "WAYLAND_DISPLAY": ""], terminal: (found.path, found.kind))
    }
    func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
    let hasDisplay = isSet("DISPLAY") || isSet("WAYLAND_DISPLAY")
    return hasDisplay ? PinentryPrompt.Place(environment: [:]) : nil
  }

  /// A terminal as `ukey serve tty` wrote it down: device, kind, one a line.
  struct Terminal {
    var path: String
    var kind: String

    /// `nil` when it is not there any more, or is another user's.
    init?(file: String) {
      guard let bytes = try? readFile(file, limit: 1024), let text = String(validating: bytes, as: UTF8.self) else {
        return nil
      }
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
  }
}
