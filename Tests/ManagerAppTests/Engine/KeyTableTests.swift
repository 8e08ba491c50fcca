import Foundation
import TerminalKit
import Testing
import Wording

@testable import ManagerApp

/// The key tables of all screens in all their modes.
@Suite struct KeyTableTests {
  @Test(arguments: SampleScreen.allCases)
  func theKeyTablesAreSound(_ sample: SampleScreen) throws {
    let screen = try #require(sample.screen)
    for table in screen.model.allKeyTables {
      let keys = table.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
      func has(_ key: Key, _ command: (Command<Int>) -> Bool) -> Bool {
        table.contains { $0.keys.contains(key) && command($0.command) }
      }
      #expect(has(.control("c")) { if case .interrupt = $0 { true } else { false } })
      #expect(has(.control("z")) { if case .suspend = $0 { true } else { false } })
      #expect(has(.control("l")) { if case .redraw = $0 { true } else { false } })
      #expect(sample == .main || has(.escape) { if case .back = $0 { true } else { false } })
      for language in Language.allCases {
        for binding in table { #expect(!binding.word(Words[language]).isEmpty) }
      }
    }
  }

  /// The keys in `Docs/manager.md` are those of the tables. `UKEY_RECORD=1` writes them anew.
  @Test func theManualListsThem() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Docs/manager.md").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let (begin, end) = ("<!-- keys -->\n", "<!-- end of keys -->\n")
    let start = try #require(text.range(of: begin)).upperBound
    let rest = try #require(text.range(of: end)).lowerBound
    let manual = try self.manual()
    if ProcessInfo.processInfo.environment["UKEY_RECORD"] == "1" {
      let whole = text[..<start] + manual + text[rest...]
      try String(whole).write(to: file, atomically: true, encoding: .utf8)
      return
    }
    #expect(String(text[start..<rest]) == manual)
  }

  private func manual() throws -> String {
    var lines = ["| screen | keys |", "|---|---|"]
    for sample in SampleScreen.allCases {
      let tables = try #require(sample.screen).model.allKeyTables
      lines.append("| " + sample.title + " | " + list(tables.map { $0.dropLast(Binding<Int>.common.count) }) + " |")
    }
    lines.append("| all 所有 | " + list([Binding<Int>.common[...]]) + " |")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Each key once with each of its words.
  private func list(_ tables: [ArraySlice<Binding<Int>>]) -> String {
    var seen: [String] = []
    for binding in tables.joined() {
      let item = "`\(binding.label)` \(binding.word(Words[.en])) \(binding.word(Words[.zh]))"
      if !seen.contains(item) { seen.append(item) }
    }
    return seen.joined(separator: " · ")
  }
}
