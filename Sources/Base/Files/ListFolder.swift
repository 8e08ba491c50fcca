internal import Glibc

/// Names in a folder, at most `limit`, without `.` and `..`, in no order.
package func listFolder(_ path: String, limit: Int = 4096) throws(SystemError) -> [String] {
  guard !path.utf8.contains(0), let folder = opendir(path) else {
    throw SystemError("opendir", path.utf8.contains(0) ? EINVAL : errno, path)
  }
  defer { closedir(folder) }
  var names: [String] = []
  while names.count < limit, let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
