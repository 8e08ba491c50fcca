/// The words of the manual pages that no help says: titles, files and variables.
package struct ManualWords: Sendable {
  /// Below the folder of manual pages, the folders that lead to this language's.
  package var folders: [String]
  package var name: String
  package var synopsis: String
  package var description: String
  package var arguments: String
  package var options: String
  package var commands: String
  package var exitStatus: String
  package var exitElsewhere: String
  package var environment: String
  package var files: String
  package var examples: String
  package var seeAlso: String
  /// Name of a variable, and what it does.
  package var variables: [(name: String, words: String)]
  package var places: [(name: String, words: String)]
  /// Behind the pages of other commands.
  package var documents: String

  package static subscript(language: Language) -> ManualWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ManualWords(
    folders: ["zh_CN", "man1"],
    name: "名称", synopsis: "概要", description: "描述", arguments: "参数", options: "选项", commands: "命令", exitStatus: "退出状态",
    exitElsewhere: "所有命令共用的退出码见", environment: "环境变量", files: "文件", examples: "示例", seeAlso: "参见",
    variables: [
      ("LC_ALL, LC_MESSAGES, LANG", "界面语言；--lang 和设置文件优先。"), ("NO_COLOR", "有值时不用颜色。"),
      ("TERM", "终端类型。"), ("XDG_STATE_HOME, XDG_RUNTIME_DIR", "申请记录、密钥服务的文件放在其下的 ukey。"),
      ("PCSCLITE_CSOCK_NAME", "读卡服务的套接字不在通常位置时。"),
    ],
    places: [
      ("/etc/ukey/ukey.conf, ~/.config/ukey/ukey.conf", "设置：发证机构、提醒天数、语言；后者优先。"),
      ("/etc/ukey/providers.conf, ~/.config/ukey/providers.conf", "使用哪些厂商动态库。"),
      ("/etc/ukey/devices.d, ~/.config/ukey/devices.d", "名单之外的 U-Key 和动态库。"),
      ("/etc/ukey/ca, ~/.config/ukey/ca", "信任的 CA 证书和吊销列表。"), ("/etc/ukey/desk, ~/.config/ukey/desk", "办理台证书。"),
      ("~/.local/state/ukey", "等待中的申请、用过的批准文件、办理台的审批记录。"),
    ],
    documents: "随软件包安装的文档在 /usr/share/doc/ukey；给持有人的一页说明：ukey guide。")

  private static let en = ManualWords(
    folders: ["man1"],
    name: "NAME", synopsis: "SYNOPSIS", description: "DESCRIPTION", arguments: "ARGUMENTS", options: "OPTIONS",
    commands: "COMMANDS", exitStatus: "EXIT STATUS",
    exitElsewhere: "The exit codes that all commands share are told in",
    environment: "ENVIRONMENT", files: "FILES", examples: "EXAMPLES", seeAlso: "SEE ALSO",
    variables: [
      ("LC_ALL, LC_MESSAGES, LANG", "Language of the words; --lang and the settings come first."),
      ("NO_COLOR", "No colours where it has a value."), ("TERM", "Kind of the terminal."),
      ("XDG_STATE_HOME, XDG_RUNTIME_DIR", "Waiting requests and the files of the key service lie in ukey below them."),
      ("PCSCLITE_CSOCK_NAME", "Where the reader service's socket is not in its usual place."),
    ],
    places: [
      (
        "/etc/ukey/ukey.conf, ~/.config/ukey/ukey.conf",
        "Settings: authority, reminder days, language; the latter comes first."
      ),
      ("/etc/ukey/providers.conf, ~/.config/ukey/providers.conf", "Which makers' libraries are used."),
      ("/etc/ukey/devices.d, ~/.config/ukey/devices.d", "Keys and libraries that are not listed."),
      ("/etc/ukey/ca, ~/.config/ukey/ca", "CA certificates that are trusted, and revocation lists."),
      ("/etc/ukey/desk, ~/.config/ukey/desk", "Certificates of desks."),
      ("~/.local/state/ukey", "Waiting requests, used answers, the desk's record."),
    ],
    documents: "The documents are in /usr/share/doc/ukey; the page for holders: ukey guide.")
}
