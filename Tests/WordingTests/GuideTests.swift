import Base
import Foundation
import Testing

@testable import Wording

@Suite struct GuideTests {
  private static let docs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs")

  /// The page inside the program is the one in `Docs`, but for what only tests read.
  @Test(arguments: Guide.allCases, Language.allCases) func isThePageOfTheDocuments(_ guide: Guide, _ language: Language)
    throws
  {
    let name = guide.rawValue + (language == .zh ? ".zh.md" : ".md")
    let file = try String(contentsOf: Self.docs.appending(path: name), encoding: .utf8)
    let lines = file.components(separatedBy: "\n").map { $0.hasPrefix("```text ") ? "```text" : $0 }
    #expect(guide.page(language, Settings.builtIn.authority).markdown == lines.joined(separator: "\n"))
  }

  @Test(arguments: Guide.allCases, Language.allCases) func nothingOfTheShippedAuthorityIsLeftToAnother(
    _ guide: Guide, _ language: Language
  ) {
    let other = Authority(
      name: "示例CA", englishName: "Sample CA", hotline: "010-8888-0000", site: "https://ca.example.cn",
      hall: "https://hall.ca.example.cn", postDays: 5)
    let text = guide.page(language, other).markdown
    for word in ["深圳CA", "Shenzhen CA", "SZCA", "szca", "400-112-3838"] { #expect(!text.contains(word), "\(word)") }
    if guide == .holder { #expect(text.contains(other.hotline) && text.contains(other.hallName)) }
  }

  @Test(arguments: Guide.allCases, Language.allCases) func fitsATerminal(_ guide: Guide, _ language: Language) {
    let page = guide.page(language)
    for width in [40, 80] {
      for line in page.plain(width: width).components(separatedBy: "\n") where !line.hasPrefix("    ") {
        #expect(textWidth(line) <= width, "\(line)")
        #expect(!line.contains("**") && !line.contains("`") && !line.contains("]("), "\(line)")
      }
    }
  }

  @Test func whatIsUsedOfMarkdown() {
    let page = GuidePage(
      markdown: """
        # 标题 **重**

        一行
        接着 `a < b`，见
        [说明](x.md)。

        - one
          more
        2. two

        ```text Main/x 1:2
        │ 画面 **不动** │
        ```
        """)
    #expect(
      page.plain(width: 40).components(separatedBy: "\n") == [
        "标题 重", "=======", "", "一行接着 a < b，见说明。", "", " - one more", " 2. two", "", "    │ 画面 **不动** │",
      ])
    let html = page.html(.zh)
    for part in [
      "<h1>标题 <strong>重</strong></h1>", "<p>一行接着 <code>a &lt; b</code>，见说明。</p>", "<li>one more</li>",
      "<ol start=\"2\">\n<li>two</li>\n</ol>", "<pre>│ 画面 **不动** │</pre>", "<html lang=\"zh-CN\">",
    ] {
      #expect(html.contains(part), "\(part) in \(html)")
    }
    #expect(page.markdown.contains("\n```text\n│"))
  }

  @Test(arguments: ["", "`", "**", "[", "[a](", "[a]", "```", "#", "1.", "- ", "**a", "`a** `b`", "````\n```"])
  func halfAMarkIsText(_ text: String) {
    let page = GuidePage(markdown: text)
    _ = page.plain(width: 1)
    _ = page.html(.en)
    #expect(GuideText("a" + text + "b").plain.hasPrefix("a"))
  }
}
