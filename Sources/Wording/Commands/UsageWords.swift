/// What is said of a command line that names no command, or names it too late.
package struct UsageWords: Sendable {
  /// - Parameters:
  ///   - front: the group that it should be of, with the blank behind it; empty for none.
  ///   - near: what may have been meant.
  package var noCommand: @Sendable (_ front: String, _ word: String, _ near: String?) -> String

  /// - Parameter command: its words.
  package var optionsBehind: @Sendable (_ command: String) -> String

  package static subscript(language: Language) -> UsageWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = UsageWords(
    noCommand: { front, word, near in
      "没有这个命令：\(front)\(word)。" + (near.map { "是不是 \(front)\($0)？" } ?? "") + "全部命令：ukey \(front)--help"
    },
    optionsBehind: { "选项要写在命令后面：ukey \($0) …" })

  private static let en = UsageWords(
    noCommand: { front, word, near in
      "There is no command \(front)\(word)." + (near.map { " Did you mean \(front)\($0)?" } ?? "")
        + " All commands: ukey \(front)--help"
    },
    optionsBehind: { "Options stand behind the command: ukey \($0) …" })
}
