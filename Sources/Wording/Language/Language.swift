/// The languages of the words on the screen.
package enum Language: String, Sendable, CaseIterable {
  case zh
  case en

  /// The language for a locale name such as `zh_CN.UTF-8`: Chinese for `zh…`, English otherwise, also where the name asks
  /// for a codeset other than UTF-8 (`zh_CN.GB18030`): everything is written in UTF-8, and Chinese would be mojibake there.
  package init(localeName: String) {
    let name = localeName.lowercased()
    let codeset = name.split(separator: ".", maxSplits: 1).dropFirst().first?.prefix { $0 != "@" }
    let isUTF8 = codeset.map { $0.filter { $0 != "-" } == "utf8" } ?? true
    self = name.hasPrefix("zh") && isUTF8 ? .zh : .en
  }
}
