import Failures

extension DoctorWords {
  /// 简体中文.
  static let zh = DoctorWords(
    written: { "报告已保存：" + displaySafe($0) },
    offer: { "\n可以执行修复命令：\n  \($0)\n现在执行吗？输入 y 执行，直接回车不执行：" },
    ran: { $0 == 0 ? "已执行，重新检查：" : "命令返回 \($0)，重新检查：" },
    forAdministrator: { "\n请把这一行交给管理员执行：\n  \($0)" },
    pin: "密码（登录自检）：", trying: { "登录自检所用证书：" + $0 })
}
