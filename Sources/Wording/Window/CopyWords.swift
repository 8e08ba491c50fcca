/// The words of copying a value to the clipboard.
package struct CopyWords: Sendable {
  package var title: String
  package var copy: String
  /// Everything that support asks for, in lines.
  package var all: String
  package var ends: String
  package var reckoning: String
  package var copied: @Sendable (_ label: String) -> String
  package var notYet: String
  /// Over ssh the clipboard is that of the computer where the person sits: asked once.
  package var askRemote: String
  package var noTerminal: String
  package var hint: String

  package static subscript(language: Language) -> CopyWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = CopyWords(
    title: "复制", copy: "复制", all: "全部（报修用）", ends: "到期", reckoning: "正在计算…", copied: { "已复制：\($0)" },
    notYet: "还没有算好", askRemote: "您经 ssh 登录：将写入您面前那台电脑的剪贴板。再按一次确认（只问这一次）",
    noTerminal: "这个终端没有剪贴板", hint: "这里没有密码，可以交给客服。")

  private static let en = CopyWords(
    title: "Copy", copy: "Copy", all: "All (for support)", ends: "Ends", reckoning: "being reckoned…",
    copied: { "Copied: \($0)" }, notYet: "it is not reckoned yet",
    askRemote:
      "You are logged in over ssh: it goes to the clipboard of the computer before you. Once more to confirm (asked once)",
    noTerminal: "this terminal has no clipboard", hint: "No PIN is in it: it may be given to support.")
}
