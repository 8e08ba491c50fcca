/// The words that only `ukey explain` prints, and what the exit codes mean.
package struct ExplainWords: Sendable {
  package var failure: String
  package var cause: String
  package var check: String
  package var exit: String
  package var question: String
  package var endsWith: @Sendable (Int32) -> String
  /// Above the lines of everything in which the word stands.
  package var found: @Sendable (Int) -> String
  package var nothing: @Sendable (String) -> String
  /// By exit code.
  package var exits: [(code: Int32, title: String)]

  package static subscript(language: Language) -> ExplainWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ExplainWords(
    failure: "故障编号", cause: "诊断原因", check: "诊断环节", exit: "退出码", question: "常见问题", endsWith: { "命令的退出码：\($0)" },
    found: { "有 \($0) 项含有这个词；用编号可以看全文：" },
    nothing: { "没有叫“\($0)”的编号、原因、环节、退出码，也没有哪一项的文字里有它。不带参数运行 ukey explain 可列出全部。" },
    exits: [
      (0, "正常"), (1, "意外错误"), (2, "用法错误；插着多个 U-Key"), (3, "证书有效，即将到期"), (4, "证书已过期或尚未生效"),
      (5, "没有 U-Key，或中途拔出且没有发送密码"), (6, "U-Key 中没有证书或应用"), (7, "密码错误"), (8, "密码已锁定"),
      (9, "没有发送，或被 U-Key 拒绝而未改变"), (10, "读卡服务或驱动故障"), (11, "结果未知；或有环节无法查看"), (130, "被中断"),
    ])

  private static let en = ExplainWords(
    failure: "Failure code", cause: "Cause of the diagnosis", check: "Link of the diagnosis", exit: "Exit code",
    question: "Question",
    endsWith: { "Exit code of the command: \($0)" },
    found: { "\($0) entries have this word; name one to read it whole:" },
    nothing: {
      "No code, cause, link or exit code is called “\($0)”, and none has it in its words. ukey explain alone lists them all."
    },
    exits: [
      (0, "ok"), (1, "unexpected failure"), (2, "usage; several keys where one is meant"),
      (3, "the certificate is valid and expires soon"), (4, "the certificate has expired or is not yet valid"),
      (5, "no key, or taken out before the PIN was sent"), (6, "no certificate or application on the key"),
      (7, "PIN wrong"), (8, "PIN locked"), (9, "not sent, or refused by the key with nothing changed"),
      (10, "service or driver fault"), (11, "outcome unknown, or a link could not be looked at"), (130, "interrupted"),
    ])
}
