import Foundation
import Testing
import Wording

/// Every refusal that the document of the key service names has words of its own.
@Suite struct LogWordsTests {
  @Test func noRefusalIsWithoutWords() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Docs/key-service.md").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(text.range(of: "## 5. Names of refusals"))
    let end = try #require(text[section.upperBound...].range(of: "\n## ")).lowerBound
    let names = text[section.upperBound..<end].matches(of: /`([a-z-]+)`/).map { String($0.1) }
    let data = text.matches(of: /`(data-[a-z-]+)`/).map { String($0.1) }
    let checks = text.matches(
      of: /`(host-differs|origin-[a-z]+|mode-refused|path-unknown|method-refused|body-too-large)`/
    )
    .map { String($0.1) }
    #expect(names.count > 20 && data.count >= 7 && checks.count >= 8)
    for name in Set(names + data + checks) {
      #expect(LogWords.text(name, .zh)?.isEmpty == false, "\(name)")
      #expect(LogWords.text(name, .en) == nil)
    }
    #expect(LogWords.text("of-a-later-version", .zh) == nil)
  }
}
