import Foundation
import Testing

/// What the compiler cannot see of a new screen, read in the sources of all of them.
@Suite struct ScreenSourceTests {
  private static let folders: [URL] = {
    let screens = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/ManagerApp/Screens").standardizedFileURL
    let found = try? FileManager.default.contentsOfDirectory(at: screens, includingPropertiesForKeys: nil)
    return (found ?? []).filter(\.hasDirectoryPath).sorted { $0.path < $1.path }
  }()

  private func source(_ folder: URL) throws -> String {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }
      .joined(separator: "\n")
  }

  /// The text from `beginning` to the end of the declaration that begins there.
  private func declaration(_ beginning: String, in source: String) throws -> Substring {
    let start = try #require(source.range(of: beginning), "\(beginning)").lowerBound
    let lineStart = source[..<start].lastIndex(of: "\n").map { source.index(after: $0) } ?? source.startIndex
    let indentation = source[lineStart...].prefix { $0 == " " }
    let rest = source[start...]
    let firstLine = rest.prefix { $0 != "\n" }
    if firstLine.hasSuffix("}") { return firstLine }
    let end = try #require(rest.range(of: "\n\(indentation)}\n"), "the end of \(beginning)")
    return rest[..<end.upperBound]
  }

  @Test func allScreensAreRead() { #expect(Self.folders.count == Set(SampleScreen.allCases.map(\.folder)).count) }

  /// An action without a row of the key table has no way in: no key, no hint, no help.
  @Test(arguments: folders) func everyActionHasARow(_ folder: URL) throws {
    let source = try source(folder)
    let actions = try declaration("enum Action: Hashable", in: source)
    let names = actions.matches(of: /case ([^{}\n]+)/)
      .flatMap { $0.1.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces).prefix { $0.isLetter || $0.isNumber } }
    #expect(!names.isEmpty)
    let rows = try declaration("func bindings(", in: source)
    for name in names {
      #expect(rows.contains(try Regex("\\.\(name)\\b")), "no row of a key table does \(name)")
    }
  }

  /// A screen on which secrets are typed overwrites them.
  @Test(arguments: folders) func whoHoldsSecretsWipesThem(_ folder: URL) throws {
    let source = try source(folder)
    let code = source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
    let holdsSecrets = code.contains { $0.contains(/\b(PINFields|LockedMemory)\b|: (borrowing |consuming )?PIN\b/) }
    let wipe = try declaration("mutating func wipe()", in: source)
    #expect(holdsSecrets != wipe.hasSuffix("{}"), "\(wipe)")
  }
}
