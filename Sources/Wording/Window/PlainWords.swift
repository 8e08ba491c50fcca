/// The words of plain mode: what it says beside what the screens say.
package struct PlainWords: Sendable {
  /// Once, at the beginning.
  package var welcome: String
  /// The question at the end of a list of choices.
  /// - Parameter leave: the word for going back or quitting.
  package var choose: @Sendable (_ leave: String) -> String
  package var noChoice: String
  package var isGone: String
  package var selected: String
  package var empty: String
  package var noRoom: String
  /// Asks for a text; what is there now is kept by Enter alone.
  package var text: @Sendable (_ label: String, _ value: String) -> String
  package var secret: @Sendable (_ label: String) -> String
  package var option: @Sendable (_ label: String) -> String
  /// A long text, told when it is chosen.
  package var section: @Sendable (_ title: String, _ lines: Int) -> String
  package var ended: String
  /// The terminal cannot show the window.
  package var instead: String
  package var certificates: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> PlainWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  private static let zh = PlainWords(
    welcome: "纯文本模式：输入编号或键名（如 F2），再按回车；只按回车重新列出；Ctrl-C 结束。",
    choose: { "请选择（回车列出，q \($0)）：" }, noChoice: "没有这个选项；按回车重新列出。", isGone: "这一项已经不在了；按回车重新列出。",
    selected: "已选中", empty: "空", noRoom: "这一行太长，没有采用。",
    text: { $1.isEmpty ? "\($0)：" : "\($0) [\($1)]：" }, secret: { "\($0)（输入时不显示）：" }, option: { "\($0)，请选编号：" },
    section: { "\($0)（\($1) 行）" }, ended: "已结束。", instead: "这个终端显示不了管理窗口，改用纯文本模式。", certificates: "U-Key 与证书")

  private static let en = PlainWords(
    welcome: "Plain mode: type a number or the name of a key (F2), then Enter; Enter alone lists again; Ctrl-C ends.",
    choose: { "Choose (Enter lists, q: \($0)): " }, noChoice: "No such choice; Enter lists them again.",
    isGone: "That one is not there any more; Enter lists again.", selected: "selected", empty: "empty",
    noRoom: "This line is too long and was not taken.",
    text: { $1.isEmpty ? "\($0): " : "\($0) [\($1)]: " }, secret: { "\($0) (not shown): " },
    option: { "\($0), number: " }, section: { "\($0) (\($1) lines)" }, ended: "Ended.",
    instead: "This terminal cannot show the window: plain mode is used.", certificates: "U-Keys and certificates")
}
