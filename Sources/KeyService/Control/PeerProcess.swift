internal import Base

/// Whether a process of the same user may be one that the holder uses, as far as proc(5) tells.
///
/// A vendor's library runs as the same user too, and its sandbox cannot keep it from sockets: what it would say here is what the
/// holder says, who may what. It is confined by more filters than we are, and has no terminal; a terminal that is confined
/// itself, as in a container or a sandboxed editor, has.
struct PeerProcess {
  private let folder: String

  init(_ pid: Int32) { folder = "/proc/\(pid)" }

  var isLibrary: Bool {
    guard let theirs = Self.filters(folder), let ours = Self.filters("/proc/self"), theirs > ours else { return false }
    return !hasTerminal
  }

  /// Field 7 of `stat`, counted behind the name, which may hold anything.
  private var hasTerminal: Bool {
    guard let bytes = try? readBeginning(of: folder + "/stat", limit: 4096), let end = bytes.lastIndex(of: 0x29) else {
      return false
    }
    let fields = bytes[(end + 1)...].split(separator: 0x20)
    return fields.count > 4 && !fields[4].elementsEqual("0".utf8)
  }

  /// How many filters judge its system calls; `nil` where that is not told.
  private static func filters(_ folder: String) -> Int? {
    guard let bytes = try? readBeginning(of: folder + "/status", limit: 16_384) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    func value(_ name: String) -> Int? {
      lines.first { $0.hasPrefix(name + ":") }.flatMap { Int($0.filter { $0 >= "0" && $0 <= "9" }) }
    }
    // Kernels before 5.11 do not count them.
    guard let mode = value("Seccomp") else { return nil }
    return mode == 0 ? 0 : value("Seccomp_filters") ?? 1
  }
}
