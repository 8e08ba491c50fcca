internal import Base
package import Glibc

/// Reads the system's files under a root, so that a recorded tree can stand in for the machine. Everything is capped and
/// nothing blocks: no FIFO or device is ever opened for reading.
package struct SystemFiles: Sendable {
  package var root: String

  /// - Parameter root: empty for the machine itself.
  package init(root: String) { self.root = root }

  package func path(_ path: String) -> String { root.isEmpty ? path : root + path }

  package func exists(_ path: String) -> Bool { status(path) != nil }

  /// Follows links. `nil`: not there, or not to be seen.
  package func status(_ path: String) -> stat? {
    var information = stat()
    return stat(self.path(path), &information) == 0 ? information : nil
  }

  package func isExecutable(_ path: String) -> Bool { access(self.path(path), X_OK) == 0 && exists(path) }

  /// At most `limit` bytes of a regular file (or of one of /proc and /sys, which claim to have none).
  package func bytes(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
    try? readBeginning(of: self.path(path), limit: limit)
  }

  package func text(_ path: String, limit: Int = 1 << 20) -> String? {
    bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The file's text without blanks and line ends around it: one value of /sys.
  package func value(_ path: String) -> String? {
    guard let text = text(path, limit: 4096) else { return nil }
    return trim(text)
  }

  /// Names in a folder, at most 4096, without `.` and `..`.
  package func list(_ path: String) -> [String] {
    (try? listFolder(self.path(path))) ?? []
  }

  /// Where a link leads, unresolved.
  package func link(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes -> Int in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return readlink(self.path(path), start, bytes.count)
    }
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// The last part of where a link leads.
  package func linkName(_ path: String) -> String? {
    link(path).flatMap { $0.split(separator: "/").last.map(String.init) }
  }
}

/// Without blanks, tabs and line ends around it.
package func trim(_ text: some StringProtocol) -> String {
  let blank: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
  guard let first = text.firstIndex(where: { !blank.contains($0) }),
    let last = text.lastIndex(where: { !blank.contains($0) })
  else { return "" }
  return String(text[first...last])
}
