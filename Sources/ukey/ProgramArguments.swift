import CLinux

/// The arguments of this program. Swift's own take them from /proc, and are empty where there is none: any command would
/// then be the one without a name.
enum ProgramArguments {
  /// With the program's own name. To be read before anything changes the environment.
  static let all: [String] = {
    var count: Int32 = 0
    guard let first = ukey_arguments(&count) else { return CommandLine.arguments }
    return (0..<Int(count)).compactMap { first[$0].map { String(cString: $0) } }
  }()
}
