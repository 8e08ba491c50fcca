import Glibc

func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }

/// Permission bits as `0600`.
func modeText(_ mode: mode_t) -> String {
  let text = String(mode & 0o7777, radix: 8)
  return String(repeating: "0", count: max(0, 4 - text.utf8.count)) + text
}

/// The account of this number, or the number.
func accountName(_ user: uid_t) -> String {
  var entry = passwd()
  var found: UnsafeMutablePointer<passwd>?
  var buffer = [CChar](repeating: 0, count: 4096)
  if getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil {
    return String(cString: entry.pw_name)
  }
  return String(user)
}
