/// The words of marking a row of the list, to compare it with another.
package struct MarkWords: Sendable {
  package var compare: String
  package var marked: @Sendable (_ row: String) -> String
  package var unmarked: String
  package var markOther: String
  package var markGone: String
  package var onlyDifferences: String

  package static subscript(language: Language) -> MarkWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = MarkWords(
    compare: "对比", marked: { "已标记 \($0)：选另一行再按 = 对比" }, unmarked: "已取消标记", markOther: "先标记一行，再选另一行",
    markGone: "标记的和选中的要都是证书，或都是 U-Key", onlyDifferences: "只看不同/全部")

  private static let en = MarkWords(
    compare: "Compare", marked: { "Marked \($0): select another row and press = again" }, unmarked: "No longer marked",
    markOther: "mark a row first, then select another",
    markGone: "both rows must be certificates, or both keys", onlyDifferences: "Only differences/all")
}
