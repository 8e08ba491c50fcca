extension PINCommandWords {
  /// 简体中文.
  static let zh = PINCommandWords(
    willHappen: "将先核对旧密码，再写入新密码；密码错误会消耗一次机会。修改后旧密码立即失效，无法撤销。",
    profileNote: { "配置 \($0)：\($1)" },
    profileConfirm: "按指定配置发送密码命令：配置不符会消耗尝试次数，甚至锁定介质。确认请输入“继续”：",
    weakConfirm: "仍要使用这个密码，请输入“继续”：",
    waiting: "正在等待介质回应；介质有按键或屏幕时，请在介质上确认。",
    atPad: { "请在介质或读卡器自带的键盘上输入密码，不要在电脑上输入；最多等待 \($0) 秒，取消也在那里按。" })
}
