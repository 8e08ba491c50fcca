internal import Glibc

/// `~/` at the beginning is the home directory; a relative path begins at the working directory.
package func absolutePath(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  if path.hasPrefix("~/"), let home = getenv("HOME") { return joined(String(cString: home), path.dropFirst(2)) }
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  return joined(String(cString: folder), path[...])
}

private func joined(_ folder: String, _ name: Substring) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
