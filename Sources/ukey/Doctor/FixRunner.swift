import Glibc

/// Runs a repair command that the user has said yes to, on this terminal.
enum FixRunner {
  /// - Returns: its exit status, or 128 and the signal.
  static func run(_ command: String) -> Int32 {
    let texts: [String] = ["/bin/sh", "-c", command]
    let words = texts.map { strdup($0) }
    defer { words.forEach { free($0) } }
    var pid = pid_t()
    let code = posix_spawn(&pid, "/bin/sh", nil, nil, words + [nil], environ)
    guard code == 0 else { return code }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
  }
}
