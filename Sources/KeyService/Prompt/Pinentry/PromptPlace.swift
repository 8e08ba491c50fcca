internal import Base
internal import Glibc

extension PinentryPrompt.Place {
  private static let passed = ["HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "USER", "XDG_RUNTIME_DIR"]
  private static let display = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"]

  /// The display of this process, else the terminal that the holder registered; `nil` when there is neither.
  package static func find(_ files: ServiceFiles) -> PinentryPrompt.Place? {
    func variables(_ names: [String]) -> [String] {
      names.compactMap { name in getenv(name).map { name + "=" + String(cString: $0) } }
    }
    // The terminal comes first: the holder named it.
    if let terminal = files.terminal, let found = Terminal(file: terminal) {
      return PinentryPrompt.Place(
        environment: variables(passed) + ["TERM=" + found.kind], terminal: (found.path, found.kind))
    }
    guard getenv("DISPLAY") != nil || getenv("WAYLAND_DISPLAY") != nil else { return nil }
    return PinentryPrompt.Place(environment: variables(passed + display))
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
