/// The words of `ukey intake`.
package struct IntakeWords: Sendable {
  package var plugIn: String
  package var recorded: @Sendable (_ number: Int) -> String
  package var failed: @Sendable (_ number: Int) -> String
  package var sum: @Sendable (_ count: Int, _ file: String) -> String

  package static subscript(language: Language) -> IntakeWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = IntakeWords(
    plugIn: "请插入 U-Key；读完即记录一行。按 Ctrl-C 结束。", recorded: { "✓ 第 \($0) 个已记录，可以拔出；请插入下一个。" },
    failed: { "✕ 第 \($0) 个读不出来，已记录原因；请拔出，插入下一个。" }, sum: { "共记录 \($0) 个：\($1)" })

  private static let en = IntakeWords(
    plugIn: "Plug in a key: a line is recorded when it has been read. Ctrl-C ends.",
    recorded: { "✓ Number \($0) is recorded: pull it out and plug in the next." },
    failed: { "✕ Number \($0) cannot be read, which is recorded: pull it out and plug in the next." },
    sum: { "\($0) recorded: \($1)" })
}
