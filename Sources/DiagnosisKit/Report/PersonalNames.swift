import Glibc

/// What this computer and its user are called.
enum PersonalNames {
  /// Of the environment and of the system; names that every machine has are nobody's.
  static func all(_ environment: [String: String]) -> [String] {
    var found: Set<String> = []
    for name in ["USER", "LOGNAME", "SUDO_USER", "HOSTNAME"] { found.insert(environment[name] ?? "") }
    if let home = environment["HOME"] { found.insert(String(home.split(separator: "/").last ?? "")) }
    var names = utsname()
    if uname(&names) == 0 {
      found.insert(withUnsafeBytes(of: names.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return found.filter { $0.count >= 2 && !common.contains($0) }.sorted()
  }

  private static let common: Set<String> = ["root", "localhost", "localhost.localdomain", "home", "user", "nobody"]
}
