import Foundation
import Testing

/// The screens on the holder's page and in the README, each cut out of a recorded one: the fence names it and says which
/// rows of which pane (`Main/main-zh-80x24 2:3,4,9 1:20`: rows counted from 0, panes from 1; none: all of it).
/// `UKEY_RECORD_GOLDEN=1` puts them in anew, once
/// the screens themselves are recorded.
@Suite struct GuideGoldenTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: ["Docs/holder.md", "Docs/holder.zh.md", "README.md"]) func screensAreThoseOfTheProgram(
    _ name: String
  ) throws {
    let file = Self.root.appending(path: name)
    let page = try String(contentsOf: file, encoding: .utf8)
    var lines: [String] = []
    var screens = 0
    var isInside = false
    for line in page.components(separatedBy: "\n") {
      if line == "```" { isInside = false }
      if isInside { continue }
      lines.append(line)
      guard line.hasPrefix("```text ") else { continue }
      lines += try Self.cut(line.dropFirst("```text ".count).components(separatedBy: " "))
      screens += 1
      isInside = true
    }
    #expect(screens >= (name == "README.md" ? 1 : 3) && !isInside)
    let wanted = lines.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["UKEY_RECORD_GOLDEN"] == "1" {
      try wanted.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    #expect(page == wanted, "\(name) shows other screens than the program; record them:\n\(wanted)")
  }

  private static func cut(_ words: [String]) throws -> [String] {
    let place = words[0].components(separatedBy: "/")
    let recording = root.appending(path: "Tests/ManagerAppTests/Screens/\(place[0])/Golden/\(place[1]).txt")
    let rows = try String(contentsOf: recording, encoding: .utf8).components(separatedBy: "\n")
    if words.count == 1 { return Array(rows.prefix { $0 != "--- styles" }) }
    return try words.dropFirst().flatMap { word in
      let parts = word.components(separatedBy: ":")
      let pane = try #require(Int(parts[0]))
      return try parts[1].components(separatedBy: ",").map { number in
        let panes = rows[try #require(Int(number))].components(separatedBy: "│")
        try #require(panes.count > pane + 1, "no pane \(pane) in row \(number) of \(words[0])")
        var text = Substring(panes[pane])
        if text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
      }
    }
  }
}
