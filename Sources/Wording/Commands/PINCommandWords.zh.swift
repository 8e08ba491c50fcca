extension PINCommandWords {
  /// 简体中文.
  static let zh = PINCommandWords(
    willHappen: "将先核对旧密码，再写入新密码；密码错误会用掉一次机会。修改后旧密码立即失效，无法撤销。",
    profileNote: { "配置 \($0)：\($1)" },
    profileConfirm: "按指定配置发送密码命令：配置不符会消耗尝试次数，甚至锁定 U-Key。确认请输入“继续”：",
    weakConfirm: "仍要使用这个密码，请输入“继续”：",
    waiting: "正在等待 U-Key 回应；U-Key 有按键或屏幕时，请在 U-Key 上确认。",
    mayLeave: "U-Key 仍未回应。按 Ctrl-C 可以不再等待，但密码操作的结果将不清楚。",
    atPad: { "请在 U-Key 或读卡器自带的键盘上输入密码，不要在电脑上输入；最多等待 \($0) 秒，取消也在那里按。" },
    asArgument: """
      多余的参数（内容不再显示）。密码不从参数读取：运行命令后按提示输入，脚本用 --pin-fd 指定文件描述符。\
      如果输入的是密码，它已经留在 shell 的历史记录里：请删除（history -d 行号），必要时修改密码。
      """)
}
