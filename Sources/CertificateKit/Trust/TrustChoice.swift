internal import Base
internal import Glibc

/// The CA certificates that chains are checked against: the directory named, else the user's, else the machine's.
package struct TrustChoice: Sendable, Equatable {
  package var path: String?

  package init(path: String? = nil) { self.path = path }

  /// `nil` when no directory is named and none is there: chains are then not spoken of.
  package var directory: TrustDirectory? { folder.map { TrustDirectory(path: $0) } }

  var folder: String? { path ?? Self.candidates.first { Self.isDirectory($0) } }

  private static var candidates: [String] {
    var paths: [String] = []
    if let settings = TrustedPath.own("XDG_CONFIG_HOME") {
      paths.append(settings + "/ukey/ca")
    } else if let home = TrustedPath.home {
      paths.append(home + "/.config/ukey/ca")
    }
    return paths + ["/etc/ukey/ca"]
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
