import Base
import CRevision
import CertificateKit
import SmartCard
import TerminalKit
import TokenKit
import UnlockKit
import Wording

/// `ukey --version`: the version alone in the first line, for scripts; below it what a report of a fault wants to know.
struct VersionText {
  var language: Language

  /// `nil` when it was not asked for, or with anything but a language.
  init?(_ arguments: ArraySlice<String>) {
    guard arguments.first == "--version" else { return nil }
    let others = arguments.dropFirst().filter { !$0.hasPrefix("--lang") && Language(rawValue: $0) == nil }
    guard others.isEmpty else { return nil }
    language = HelpText.language(Array(arguments))
  }

  var text: String {
    let words = VersionWords[language]
    let revision = String(cString: ukey_revision())
    let libraries = [
      CryptoLibrary.version, "pcsc-lite " + ClientLibrary.version, CursesLibrary.version,
      "zlib " + DeviceLists.zlibVersion, "qrencode " + QRLibrary.version,
    ]
    let profiles = CardTokenProvider.profiles.map(\.name)
    let digest = (try? Digest.sm3(DeviceLists.bytes)).map { lowerHexText(Array($0.prefix(6))) }
    return [
      ProgramVersion.number,
      words.commit + (revision.isEmpty ? words.noCommit : revision),
      words.libraries + libraries.filter { !$0.hasSuffix(" ") }.joined(separator: ", "),
      words.profiles + "GM/T 0017 " + profiles.joined(separator: ", "),
      words.lists(DeviceLists.devices, DeviceLists.libraries) + (digest.map { " (SM3 \($0)…)" } ?? ""),
    ].joined(separator: "\n")
  }
}
