import Testing

@testable import TokenKit

/// providers.conf: the format of all settings files, and the line of old.
@Suite struct ProvidersFileTests {
  private func read(_ text: String) -> (libraries: [LibraryFile], mistakes: [String]) {
    var catalog = LibraryCatalog(root: "/nowhere")
    let before = catalog.mistakes.count
    let libraries = catalog.read(Array(text.utf8), file: "p")
    return (libraries, catalog.mistakes.dropFirst(before).map { "\($0.line):\($0.column)" })
  }

  @Test func aSectionSaysWhatALineSaid() {
    let section = read("[skf:/opt/a b.so]\nlimit = 20\nsandbox=strict\n[pkcs11:/opt/c.so]\n")
    #expect(section.mistakes.isEmpty && section.libraries.map(\.path) == ["/opt/a b.so", "/opt/c.so"])
    #expect(section.libraries.map(\.kind) == [.skf, .pkcs11])
    let line = read("# old\nskf:/opt/a.so limit=20 files=/x env=Y\n p11-kit\n")
    #expect(line.mistakes.isEmpty && line.libraries.map(\.path) == ["/opt/a.so"])
  }

  @Test func offLeavesOut() {
    #expect(read("[skf:/opt/a.so]\noff = yes\n").libraries.isEmpty)
    #expect(read("skf:/opt/a.so off\n").libraries.isEmpty)
    #expect(read("[skf:/opt/a.so]\noff = no\n").libraries.count == 1)
    #expect(read("[skf:/opt/a.so]\noff\n").libraries.isEmpty)
  }

  @Test(arguments: [
    ("skf:relative.so", "1:1"), ("skf:/a.so limit=0", "1:1"), ("  [who:/a.so]", "1:3"), ("limit = 3", "1:1"),
    ("[skf:/a.so]\n  limits = 3", "2:3"), ("[skf:/a.so]\nlimit = x", "2:1"), ("[skf:/a.so]\noff = perhaps", "2:1"),
    ("[p11-kit]\nlimit = 3", "2:1"), ("skf:/a.so =", "1:1"),
  ])
  func mistakesAreToldWithTheirPlace(_ text: String, _ place: String) {
    #expect(read(text).mistakes == [place])
  }

  @Test func theWordsAreTaken() throws {
    var catalog = LibraryCatalog(root: "/nowhere")
    _ = catalog.read(Array("[skf:/opt/a.so]\nlimit = 20\nsandbox = off\nfiles = /f\nenv = E\n".utf8), file: "p")
    let library = try #require(catalog.library("skf:/opt/a.so"))
    #expect(library.limit == .seconds(20) && library.sandbox == .off)
    #expect(library.files == ["/f"] && library.variables == ["E"])
  }
}
