/// The words of the list of certificates: its columns, search and order.
package struct InventoryWords: Sendable {
  package var use: String
  package var end: String
  package var left: String
  package var pin: String
  package var days: @Sendable (Int) -> String
  package var search: String
  package var sort: String
  package var problems: String
  package var nextProblem: String
  package var noProblem: String
  package var take: String
  package var clear: String
  package var nothingFits: String
  package var sorted: @Sendable (_ order: String) -> String
  package var onlyProblems: String
  package var allShown: String
  package var orderAsFound: String
  package var orderDays: String
  package var orderOwner: String
  package var orderKey: String
  package var orderReader: String
  package var counts: @Sendable (_ keys: Int, _ certificates: Int) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> InventoryWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  private static let zh = InventoryWords(
    use: "用途", end: "到期", left: "剩余", pin: "密码", days: { $0 < 0 ? "过期 \(-($0 + 1)) 天" : "\($0) 天" }, search: "搜索",
    sort: "排序", problems: "只看问题", nextProblem: "下一个问题", noProblem: "没有需要处理的问题", take: "选中", clear: "清除搜索",
    nothingFits: "没有符合的（Esc 清除）", sorted: { "排序：\($0)" }, onlyProblems: "只显示有问题的；再按 p 显示全部", allShown: "显示全部",
    orderAsFound: "按读取顺序", orderDays: "按剩余天数", orderOwner: "按所有者", orderKey: "按 U-Key 序列号", orderReader: "按读卡器",
    counts: { "\($0) 把 U-Key · \($1) 张证书" })

  private static let en = InventoryWords(
    use: "Use", end: "Ends", left: "Left", pin: "PIN", days: { $0 < 0 ? "\(-($0 + 1)) d ago" : "\($0) days" },
    search: "Search", sort: "Sort", problems: "Problems", nextProblem: "Next problem",
    noProblem: "there is no problem to be solved", take: "Select", clear: "Clear search",
    nothingFits: "Nothing fits (Esc clears)", sorted: { "Sorted by \($0)" },
    onlyProblems: "Only what has a problem; p again shows all", allShown: "All are shown",
    orderAsFound: "order of reading",
    orderDays: "days left", orderOwner: "owner", orderKey: "serial number of the key", orderReader: "reader",
    counts: { "\(English.count($0, "key")) · \(English.count($1, "certificate"))" })
}
