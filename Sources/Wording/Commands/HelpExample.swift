/// An invocation that a command's help shows.
package struct HelpExample: Sendable, Equatable {
  package var line: String
  private var en: String
  private var zh: String

  private init(_ line: String, _ en: String, _ zh: String) {
    self.line = line
    self.en = en
    self.zh = zh
  }

  /// What it does.
  package func text(_ language: Language) -> String { language == .zh ? zh : en }

  /// Above them.
  package static func heading(_ language: Language) -> String { language == .zh ? "示例：" : "EXAMPLES:" }

  /// - Parameter command: its words without the program: `pin change`; empty for the program itself.
  package static func of(_ command: String) -> [HelpExample] {
    all.first { $0.command == command }?.examples ?? []
  }

  private static let all: [(command: String, examples: [HelpExample])] = [
    (
      "",
      [
        HelpExample("ukey", "Open the manager.", "打开管理窗口。"),
        HelpExample("ukey --demo", "The same with a sample key; its PIN is 123456.", "用演示 U-Key 试用，密码 123456。"),
        HelpExample("ukey list", "Every certificate of every key in one table.", "所有 U-Key 的全部证书，一张表。"),
        HelpExample("ukey doctor", "Find out why the login button does nothing.", "查找“点击登录没反应”的原因。"),
      ]
    ),
    (
      "manager",
      [
        HelpExample("ukey --demo", "With a sample key; its PIN is 123456.", "用演示 U-Key 试用，密码 123456。"),
        HelpExample(
          "ukey --lang zh --log-file ukey.log", "In Chinese; what happens is written down too.", "中文界面，并把经过记入文件。"),
      ]
    ),
    (
      "status",
      [
        HelpExample("ukey status", "All keys.", "全部 U-Key。"),
        HelpExample(
          "ukey status --key 412 --json", "The key whose serial number ends in 412, for a program.",
          "序列号以 412 结尾的 U-Key，供程序读取。"),
      ]
    ),
    (
      "list",
      [
        HelpExample("ukey list --problems", "What has to be done.", "只列出需要处理的。"),
        HelpExample(
          "ukey list --expiring 60 --csv", "What ends within 60 days, for a spreadsheet.", "60 天内到期的，供表格软件使用。"),
      ]
    ),
    (
      "cert",
      [
        HelpExample("ukey cert list", "One line a certificate.", "每张证书一行。"),
        HelpExample("ukey cert export login.pem --role sign", "The signature certificate into a file.", "把签名证书写入文件。"),
      ]
    ),
    (
      "cert list",
      [
        HelpExample("ukey cert list --reader 01", "Of the reader with 01 in its name.", "名称中有 01 的读卡器里的证书。")
      ]
    ),
    (
      "cert show",
      [
        HelpExample("ukey cert show --role enc --pem", "The encryption certificate as PEM.", "加密证书，PEM 格式。"),
        HelpExample("ukey cert show --serial 0C9A --json", "One certificate by its serial number.", "按证书序列号查看一张。"),
      ]
    ),
    (
      "cert export",
      [
        HelpExample("ukey cert export login.cer", "As DER, by the name's end.", "按文件名结尾，写成 DER。")
      ]
    ),
    (
      "export",
      [
        HelpExample("ukey export --all certificates", "Into a folder, with a list of them.", "导出到文件夹，并附清单。"),
        HelpExample(
          "ukey export --all certificates --format der --force", "As DER, over what is there.", "写成 DER，覆盖已有文件。"),
      ]
    ),
    (
      "compare",
      [
        HelpExample(
          "ukey compare old.pem", "With the certificate of the key that is plugged in.", "与插着的 U-Key 中的证书比较。"),
        HelpExample("ukey compare old.pem new.cer", "Two certificates in files.", "比较两个证书文件。"),
        HelpExample("ukey compare 412 777", "Two keys, by the ends of their serial numbers.", "比较两个 U-Key（序列号末几位）。"),
      ]
    ),
    (
      "pin",
      [
        HelpExample("ukey pin change", "Change the PIN; it is asked for.", "修改密码，按提示输入。"),
        HelpExample("ukey pin status", "Tries left; costs none.", "查看剩余次数，不占次数。"),
      ]
    ),
    (
      "pin status",
      [
        HelpExample("ukey pin status --key 412", "Of one key.", "只看一个 U-Key。")
      ]
    ),
    (
      "pin verify",
      [
        HelpExample("ukey pin verify", "Ask for it on the terminal.", "在终端上输入。"),
        HelpExample("ukey pin verify --pin-fd 3 3<pin-file", "From a file, in a script.", "脚本中从文件读取。"),
      ]
    ),
    (
      "pin change",
      [
        HelpExample("ukey pin change", "Ask for both on the terminal.", "在终端上输入新旧密码。"),
        HelpExample(
          "ukey pin change --pin-fd 3 --new-pin-fd 3 3<two-lines", "Old and new PIN from a file, a line each.",
          "从文件读取，旧、新各一行。"),
      ]
    ),
    (
      "unlock",
      [
        HelpExample(
          "ukey unlock request --form form.html", "A request, and the form to print and stamp.", "生成申请和供打印盖章的申请表。"),
        HelpExample("ukey unlock apply DEMO.ukresp", "Apply the authority's response.", "导入发证机构的批准文件。"),
      ]
    ),
    (
      "unlock request",
      [
        HelpExample("ukey unlock request --form form.html", "It asks for what it needs.", "缺少的内容会逐项询问。"),
        HelpExample("ukey unlock request --yes --name 李四 --mobile 13800138000", "Without questions.", "不询问，直接生成。"),
      ]
    ),
    (
      "unlock challenge",
      [
        HelpExample("ukey unlock challenge", "For the request of the key that is plugged in.", "为插着的 U-Key 的申请生成挑战。")
      ]
    ),
    (
      "unlock approve",
      [
        HelpExample("ukey unlock approve KEY.ukreq --out KEY.ukresp", "Answer one request.", "批准一份申请。"),
        HelpExample("ukey unlock approve requests --out responses", "Answer a folder of requests.", "批准一个文件夹里的全部申请。"),
      ]
    ),
    (
      "unlock apply",
      [
        HelpExample("ukey unlock apply KEY.ukresp", "The new PIN is asked for.", "按提示输入新密码。")
      ]
    ),
    (
      "unlock admin",
      [
        HelpExample("ukey unlock admin", "At the authority, with the key in hand.", "在发证机构，当面解锁。")
      ]
    ),
    (
      "unlock set-admin",
      [
        HelpExample("ukey unlock set-admin --admin-master-fd 3 3<secret", "At issuing.", "发证时使用。")
      ]
    ),
    (
      "unlock audit",
      [
        HelpExample("ukey unlock audit verify", "Whether the record is as it was written.", "核对记录是否被改动。")
      ]
    ),
    (
      "unlock audit verify",
      [
        HelpExample("ukey unlock audit verify unlock-audit.jsonl", "Of a copy of the record.", "核对一份副本。")
      ]
    ),
    (
      "renew",
      [
        HelpExample(
          "ukey renew --serial 0C9A --form form.html", "For the certificate with this serial number.", "为这张证书办续期。")
      ]
    ),
    (
      "renew request",
      [
        HelpExample("ukey renew request --form form.html", "With the form to print.", "并生成供打印的申请表。"),
        HelpExample("ukey renew request --on-key", "Make the key pair on the key, too.", "同时在 U-Key 上生成密钥对。"),
      ]
    ),
    (
      "renew apply",
      [
        HelpExample("ukey renew apply KEY.csrrsp", "Write the new certificate.", "写入新证书。")
      ]
    ),
    (
      "renew resume",
      [
        HelpExample("ukey renew resume", "After an interruption.", "中断后继续。")
      ]
    ),
    (
      "renew status",
      [
        HelpExample("ukey renew status", "What is under way.", "查看在办订单。")
      ]
    ),
    (
      "renew remove-old",
      [
        HelpExample("ukey renew remove-old --order 4f7a", "When all bids are opened.", "全部开标以后。")
      ]
    ),
    (
      "renew forget",
      [
        HelpExample("ukey renew forget --order 4f7a", "An order that is not wanted any more.", "放弃一份订单。")
      ]
    ),
    (
      "desk",
      [
        HelpExample("ukey desk issue KEY.ukord --authority ca", "Answer an order.", "签发一份订单。")
      ]
    ),
    (
      "desk issue",
      [
        HelpExample("ukey desk issue KEY.ukord --connector ./ca-client", "By the CA's program.", "由签发程序办理。")
      ]
    ),
    (
      "desk authority",
      [
        HelpExample("ukey desk authority ca --name TEST", "A private authority for trying.", "建立试用的私有CA。"),
        HelpExample(
          "ukey desk authority ca --on-key", "With its key in the plugged-in key.", "私钥由插入的 U-Key 生成和保管。"),
      ]
    ),
    (
      "reissue",
      [
        HelpExample("ukey reissue --form form.html", "With the form to print.", "并生成供打印的申请表。")
      ]
    ),
    (
      "reissue request",
      [
        HelpExample("ukey reissue request --reason 损坏", "With its reason.", "写明原因。")
      ]
    ),
    (
      "change",
      [
        HelpExample("ukey change --form form.html", "With the form to print.", "并生成供打印的申请表。")
      ]
    ),
    (
      "change request",
      [
        HelpExample("ukey change request --reason 单位更名", "With its reason.", "写明原因。")
      ]
    ),
    (
      "doctor",
      [
        HelpExample("ukey doctor", "The whole chain.", "逐项检查。"),
        HelpExample(
          "ukey doctor --symptom button --report report.html", "The login button does nothing; with a report.",
          "登录没反应，并写一份报告。"),
        HelpExample("ukey doctor --read report.json", "Show another's report.", "查看别人发来的报告。"),
      ]
    ),
    (
      "login-test",
      [
        HelpExample("ukey login-test", "With the certificate that logs in.", "用登录证书自检。"),
        HelpExample("ukey login-test --container 9A", "With that of another slot.", "换一个密钥槽。"),
      ]
    ),
    (
      "serve",
      [
        HelpExample("ukey serve start", "In the background.", "在后台运行。"),
        HelpExample("ukey serve status", "Whether it runs.", "查看是否在运行。"),
      ]
    ),
    (
      "serve start",
      [
        HelpExample("ukey serve start --demo", "With the sample key.", "用演示 U-Key。")
      ]
    ),
    (
      "serve stop",
      [
        HelpExample("ukey serve stop", "End it.", "停止。")
      ]
    ),
    (
      "serve status",
      [
        HelpExample("ukey serve status --json", "For a program.", "供程序读取。")
      ]
    ),
    (
      "serve enable",
      [
        HelpExample("ukey serve enable mtoken", "Another interface.", "启用一个接口。")
      ]
    ),
    (
      "serve disable",
      [
        HelpExample("ukey serve disable mtoken", "Switch it off.", "停用一个接口。")
      ]
    ),
    (
      "serve origins",
      [
        HelpExample("ukey serve origins", "What sites may.", "查看各网站的权限。")
      ]
    ),
    (
      "serve origins list",
      [
        HelpExample("ukey serve origins list --json", "For a program.", "供程序读取。")
      ]
    ),
    (
      "serve origins revoke",
      [
        HelpExample("ukey serve origins revoke https://portal.example", "Ask anew next time.", "下次重新询问。")
      ]
    ),
    (
      "serve tty",
      [
        HelpExample("ukey serve tty", "On this terminal.", "在这个终端上询问。")
      ]
    ),
    (
      "serve trust",
      [
        HelpExample("ukey serve trust", "Once, for old pages.", "旧网页需要，做一次即可。")
      ]
    ),
    (
      "serve untrust",
      [
        HelpExample("ukey serve untrust", "Take it out again.", "取消。")
      ]
    ),
    (
      "watch",
      [
        HelpExample("ukey watch --notify", "With notifications on the desktop.", "并发桌面通知。"),
        HelpExample("ukey watch --json", "For a program, a line an event.", "供程序读取，每件事一行。"),
      ]
    ),
    (
      "intake",
      [
        HelpExample("ukey intake --out keys.jsonl", "Until Ctrl-C.", "直到按 Ctrl-C。"),
        HelpExample("ukey intake --out keys.jsonl --count 50", "Fifty keys.", "登记 50 个。"),
      ]
    ),
    (
      "provider",
      [
        HelpExample("ukey provider list", "Which libraries there are.", "查看有哪些动态库。")
      ]
    ),
    (
      "provider list",
      [
        HelpExample("ukey provider list --json", "For a program.", "供程序读取。")
      ]
    ),
    (
      "provider test",
      [
        HelpExample("ukey provider test skf:/opt/maker/libkey.so", "One library closely.", "仔细检查一个动态库。")
      ]
    ),
    (
      "name",
      [
        HelpExample("ukey name 张工的公司锁", "Name the key that is plugged in.", "给插着的 U-Key 起名。"),
        HelpExample("ukey status --key 张工的公司锁", "Find it by that name.", "用名称指定 U-Key。"),
        HelpExample("ukey name --remove --key 412", "Take a name away.", "取消名称。"),
      ]
    ),
    (
      "guide",
      [
        HelpExample("ukey guide", "The holder's page on this terminal.", "在终端里看给持有人的一页说明。"),
        HelpExample("ukey guide --html", "The same to print on A4.", "同一页，用于打印（A4）。"),
        HelpExample("ukey guide support", "The handbook by symptom.", "按现象查的支持手册。"),
      ]
    ),
    (
      "explain",
      [
        HelpExample("ukey explain UK-113", "A failure code.", "故障编号。"),
        HelpExample("ukey explain 发票", "A word.", "一个词。"),
      ]
    ),
    (
      "soft-token",
      [
        HelpExample("ukey soft-token --card piv", "A PIV card in the virtual reader.", "虚拟读卡器中的 PIV 卡。")
      ]
    ),
  ]
}
