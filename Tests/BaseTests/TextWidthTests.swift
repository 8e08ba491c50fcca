import SeededRandom
import Testing

@testable import Base

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("汉字", 4), ("１２", 4), ("（）", 4), ("e\u{301}", 1), ("┌─┐", 3), ("●✓⚠✕…▸", 6),
    ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("ﾊﾝｶｸ", 4), ("ไม้", 2), ("𠮷", 2), ("\u{200B}", 0),
    ("\u{FEFF}", 0), ("\u{AD}", 1), ("㈱", 2), ("\u{303F}", 1),
  ])
  func width(_ text: String, _ expected: Int) { #expect(textWidth(text) == expected) }

  @Test func tablesAreAscendingAndDisjoint() {
    for table in [WidthTables.wide, WidthTables.zero] {
      for (range, next) in zip(table, table.dropFirst()) { #expect(range.0 <= range.1 && range.1 < next.0) }
    }
    for range in WidthTables.zero {
      #expect(!WidthTables.wide.contains { $0.0 <= range.1 && range.0 <= $0.1 })
    }
  }

  @Test func fitCutsOnAWholeCell() {
    #expect(fit("深圳市", 6) == "深圳市")
    #expect(fit("深圳市", 5) == "深圳…")
    #expect(fit("深圳市", 4) == "深…")
    #expect(fit("深圳市", 1) == "…")
    #expect(fit("深圳市", 0) == "")
    #expect(textWidth(pad("深圳市", 5)) == 5 && textWidth(pad("深", 5)) == 5)
  }

  @Test func wrapBreaksBetweenHanAndAtSpaces() {
    #expect(wrap("深圳市示例公司", 6) == ["深圳市", "示例公", "司"])
    #expect(wrap("one two three", 8) == ["one two", "three"])
    #expect(wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(wrap("", 5) == [""])
    #expect(wrap("重启服务。好", 8) == ["重启服", "务。好"])
    #expect(wrap("a\nb", 5) == ["a", "b"])
  }

  @Test func wrapNeverExceedsTheWidthNorLosesText() {
    var random = SeededRandom(7)
    let pool: [Unicode.Scalar] = ["a", " ", "汉", "，", "。", "（", "）", "1", "\u{301}", "x", "字", "-"]
    for _ in 0..<2000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<40, using: &random) { view.append(pool.randomElement(using: &random) ?? "a") }
      let text = String(view)
      let width = Int.random(in: 2..<12, using: &random)
      let lines = wrap(text, width)
      #expect(!lines.contains { textWidth($0) > width })
      let kept = lines.joined().unicodeScalars.filter { $0 != " " }
      let given = text.unicodeScalars.filter { $0 != " " }
      #expect(String(kept) == String(given))
    }
  }
}
