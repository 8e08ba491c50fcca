internal import Glibc

/// Whether a file is what its owner made it: no other user of this machine could have written it, or put another in its
/// place.
///
/// The rule of sshd's StrictModes: the file, every folder above it and every link on the way belong to root or to who runs
/// this, and nobody else may write to them. A sticky folder (`/tmp`) may be written to by all, since there each only moves
/// what is his own. Looked at from the root down: what lies in a folder that passed cannot be exchanged by others, so that
/// what is opened afterwards by its path is what was looked at.
package enum TrustedPath {
  /// - Parameter path: need not be a file; what is not there is told as such (`ENOENT`).
  /// - Throws: `EPERM` with the part of the path that another user could have written; what `lstat` says.
  package static func check(_ path: String) throws(SystemError) {
    let whole = absolutePath(path)
    guard !whole.utf8.contains(0) else { throw SystemError("lstat", EINVAL, whole) }
    var walk = Walk(whole)
    while let next = walk.next() { try walk.step(next) }
  }

  /// The home folder of who runs this, `$HOME`; `nil` where it is not absolute, and for root where it is another user's
  /// (`sudo -E`, `su -p`): his settings are not root's.
  package static var home: String? { own("HOME") }

  /// An absolute folder that a variable names, under the same rule.
  package static func own(_ variable: String) -> String? {
    getenv(variable).flatMap { ownFolder(String(cString: $0)) }
  }

  /// The folder itself under that rule.
  package static func ownFolder(_ path: String) -> String? {
    guard path.hasPrefix("/") else { return nil }
    guard geteuid() == 0 else { return path }
    var status = stat()
    // What is not there yet will be made by root.
    guard stat(path, &status) == 0 else { return path }
    return Owners.current.areTrusted(status.st_uid) ? path : nil
  }

  /// One look-up of a path, link by link.
  private struct Walk {
    private var here = ""
    private var rest: [Substring]
    private var links = 0

    init(_ path: String) { rest = ["/"] + path.split(separator: "/") }

    mutating func next() -> Substring? { rest.isEmpty ? nil : rest.removeFirst() }

    mutating func step(_ part: Substring) throws(SystemError) {
      if part == "." { return }
      if part == ".." {
        // The folder above was looked at on the way down, and is where `..` leads: `here` has no links in it.
        here = here.lastIndex(of: "/").map { String(here[..<$0]) } ?? ""
        return
      }
      let path = part == "/" ? "/" : here + "/" + String(part)
      var status = stat()
      guard lstat(path, &status) == 0 else { throw SystemError("lstat", errno, path) }
      let kind = status.st_mode & S_IFMT
      guard Owners.current.areTrusted(status.st_uid) else { throw SystemError("lstat", EPERM, path) }
      if kind == S_IFLNK {
        links += 1
        guard links <= 40 else { throw SystemError("lstat", ELOOP, path) }
        let target = try Self.target(path)
        if target.hasPrefix("/") { here = "" }
        rest = target.split(separator: "/") + rest
        return
      }
      let isSticky = kind == S_IFDIR && status.st_mode & S_ISVTX != 0
      let isWritable =
        status.st_mode & S_IWOTH != 0
        || (status.st_mode & S_IWGRP != 0 && !Owners.current.isAlone(status.st_uid, inGroup: status.st_gid))
      guard !isWritable || isSticky else { throw SystemError("lstat", EPERM, path) }
      if part != "/" { here = path }
    }

    private static func target(_ path: String) throws(SystemError) -> String {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = buffer.withUnsafeMutableBytes { bytes -> Int in
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
        return readlink(path, start, bytes.count)
      }
      guard count > 0 else { throw SystemError("readlink", errno, path) }
      return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
  }
}

/// Whose files this process trusts.
private struct Owners {
  static let current = Owners()

  private let own = geteuid()
  /// The owner of files that belong to nobody in this user namespace, the system's own among them; `nil` outside of one.
  ///
  /// In such a namespace (a container without root, `unshare --map-root-user`) the machine's root is shown as this.
  private let outside: uid_t?

  private init() {
    let words = Owners.text("/proc/self/uid_map").split { $0 == " " || $0 == "\n" }
    let isWhole = words.isEmpty || (words.count == 3 && words[0] == "0" && words[2] == "4294967295")
    outside = isWhole ? nil : uid_t(Owners.text("/proc/sys/kernel/overflowuid").filter(\.isNumber))
  }

  func areTrusted(_ owner: uid_t) -> Bool { owner == 0 || owner == own || owner == outside }

  /// Whether a group that may write has no member but the owner and root: the private group that many systems give each user,
  /// and `staff` of /usr/local as long as nobody is in it. Groups that are not in the machine's own list have members.
  func isAlone(_ owner: uid_t, inGroup group: gid_t) -> Bool {
    let users = Owners.text("/etc/passwd").split(separator: "\n").map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }
    let trusted = users.filter { $0.count > 3 && ($0[2] == "0" || $0[2] == String(owner)) }.map { $0[0] }
    for user in users where user.count > 3 && user[3] == String(group) && !trusted.contains(user[0]) { return false }
    for line in Owners.text("/etc/group").split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count > 3, fields[2] == String(group) else { continue }
      return fields[3].split(separator: ",").allSatisfy(trusted.contains)
    }
    return false
  }

  private static func text(_ path: String) -> String {
    String(decoding: (try? readBeginning(of: path, limit: 1 << 20)) ?? [], as: UTF8.self)
  }
}
