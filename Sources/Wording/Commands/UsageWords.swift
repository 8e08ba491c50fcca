/// What is said of a command line that names no command, or names it too late.
package struct UsageWords: Sendable {
  /// - Parameter near: what may have been meant.
  package var noCommand: @Sendable (_ word: String, _ near: String?) -> String

  /// - Parameter command: its words.
  package var optionsBehind: @Sendable (_ command: String) -> String

  package static subscript(language: Language) -> UsageWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = UsageWords(
    noCommand: { word, near in "没有这个命令：\(word)。" + (near.map { "是不是 \($0)？" } ?? "") + "全部命令：ukey --help" },
    optionsBehind: { "选项要写在命令后面：ukey \($0) …" })

  private static let en = UsageWords(
    noCommand: { word, near in
      "There is no command \(word)." + (near.map { " Did you mean \($0)?" } ?? "") + " All commands: ukey --help"
    },
    optionsBehind: { "Options stand behind the command: ukey \($0) …" })
}
