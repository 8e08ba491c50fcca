import Base
import DiagnosisKit
import Glibc
import Wording

extension DiagnosisOptions {
  /// A diagnosis of this machine, now, with the keys selected; what else is looked at is for the caller to say.
  static func ofThisMachine(_ keys: KeySelection) -> DiagnosisOptions {
    var options = DiagnosisOptions(now: Int64(time(nil)))
    options.reader = keys.reader
    options.platform = Settings.current.platform
    options.publicPlatform = Settings.current.platform
    options.isDemo = keys.demo
    options.environment = environmentVariables
    options.probe = ["/proc/self/exe", "probe-library"]
    options.programVersion = ProgramVersion.number
    options.startKeyService = ServiceLaunch(arguments: keys.serviceArguments).fix
    return options
  }

  private static var environmentVariables: [String: String] {
    var result: [String: String] = [:]
    var next = environ
    while let item = next.pointee {
      let text = String(cString: item)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return result
  }
}
