import ArgumentParser
import Base
import Failures
import Glibc
import UnlockKit

/// Whose answers the holder accepts.
struct DeskPinOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Accept answers of the desk with this certificate; by default those in /etc/ukey/desk and ~/.config/ukey/desk.",
      valueName: "file"), completion: .file())
  var deskCert: String?

  var certificates: DeskCertificates {
    deskCert.map { DeskCertificates(files: [$0]) } ?? DeskCertificates(folders: DeskCertificates.folders)
  }
}

/// What the desk signs with.
struct DeskKeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sign answers with this SM2 key (PEM); by default desk-signing.key in ~/.config/ukey.", valueName: "file"),
    completion: .file())
  var deskKey: String?

  @Option(
    help: ArgumentHelp(
      "The certificate that belongs to it; by default desk-signing.crt in ~/.config/ukey.", valueName: "file"),
    completion: .file())
  var deskCert: String?

  /// - Throws: `UK-522`, `UK-614`.
  func key() throws(Failure) -> DeskKey {
    let folder =
      TrustedPath.own("XDG_CONFIG_HOME").map { $0 + "/ukey" } ?? TrustedPath.home.map { $0 + "/.config/ukey" }
    guard let keyFile = deskKey ?? folder.map({ $0 + "/desk-signing.key" }),
      let certificateFile = deskCert ?? folder.map({ $0 + "/desk-signing.crt" })
    else { throw Failure(.deskKey, function: "getenv", context: "$HOME?") }
    return try DeskKey(keyFile: keyFile, certificateFile: certificateFile)
  }
}

/// A document of one line, given as it is or as a file that holds it.
enum LineOrFile {
  static let limit = 65_536

  /// - Parameter mark: what such a line begins with.
  /// - Throws: `UK-612` when it is no line and no file that can be read.
  static func bytes(_ given: String, mark: String) throws(Failure) -> [UInt8] {
    if given.hasPrefix(mark + "/") { return Array(given.utf8) }
    return try Failure.mapping(.fileRead, try readFile(given, limit: limit))
  }
}
