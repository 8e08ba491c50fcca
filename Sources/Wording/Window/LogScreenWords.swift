/// The words of the log of the window.
package struct LogScreenWords: Sendable {
  package var title: String
  package var nothing: String
  package var hint: String

  package static subscript(language: Language) -> LogScreenWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = LogScreenWords(
    title: "日志", nothing: "还没有发生什么。", hint: "打开窗口以来发生的事；不含密码。用 --log-file 可同时写入文件。")

  private static let en = LogScreenWords(
    title: "Log", nothing: "Nothing has happened yet.",
    hint: "What happened since the window was opened; no PIN is in it. --log-file writes it to a file too.")
}
