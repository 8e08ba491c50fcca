import Base
import Failures
import Glibc

/// Where the program of the key service is: beside this one as it is built, in libexec beside the folder of programs as it
/// is installed. Never looked for along PATH: what asks for a PIN is not chosen by an environment.
enum ServiceBinary {
  static let name = "ukey-service"

  /// - Throws: `UK-641` when it is in neither place; `UK-614` when another user could have put it there.
  static func find() throws(Failure) -> String {
    guard let own = ownPath else { throw Failure(.keyServiceProgram, function: "readlink") }
    let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? ""
    let above = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    let places = [folder + "/" + name, above + "/libexec/" + name]
    guard let found = places.first(where: { access($0, X_OK) == 0 }) else {
      throw Failure(.keyServiceProgram, context: places.joined(separator: " "))
    }
    try Failure.checkTrust(found, missing: .keyServiceProgram)
    return found
  }

  /// Of the program that this process runs.
  static var ownPath: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
