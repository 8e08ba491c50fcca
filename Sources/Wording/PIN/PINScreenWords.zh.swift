extension PINScreenWords {
  /// 简体中文.
  static let zh = PINScreenWords(
    stillReading: "U-Key 正在读取，请稍候",
    noPIN: "U-Key 上没有带密码的应用",
    noProfile: "没有密码规格。用厂商库 --provider skf:路径，或 F3 申请",
    noAdminPIN: "此应用没有管理员密码",
    running: "命令已发出，不能撤销，请等待结果",

    key: "U-Key",
    application: "应用",
    kind: "密码类型",
    pukTitle: "修改 PUK",
    tries: "剩余次数",
    isDefault: "仍为初始密码",
    kept: "由发证机构保管，请勿修改或试输",

    adminIsAuthoritys: { "\($0)由发证机构保管，用来解锁。它不是您的密码。" },
    adminHarm: "改了它，以后远程解锁会失败；输错用完次数，这把 U-Key 只能补办。",
    adminHint: "确实由您保管时，请输入“管理员”（或 administrator）后按 Enter；不是请按 Esc。",
    adminWordDiffers: "输入的不是“管理员”，没有继续",

    asking: "正在读取剩余次数…",
    askingWait: "其他程序正在使用 U-Key 时需要等待；按 Esc 返回。",
    confirmLow: { left in
      (left.map { "只剩 \($0) 次尝试机会" } ?? "剩余次数未知") + "，次数用完 U-Key 将锁定，需到发证机构解锁。没有把握请按 Esc。"
    },
    confirmPrompt: "确认",
    confirmHint: "确定记得密码，请输入“继续”（或 continue）后按 Enter，再填写密码。",
    wordDiffers: "输入的不是“继续”，没有继续",
    lastTry: "只剩最后 1 次尝试机会，再错一次 U-Key 就会锁定。为防误锁，这里不再提交最后一次。",
    lastTrySure: "确有把握，请退出后在命令行运行：",
    lastTryUnsure: "没有把握，不要再试，按 F3 办理介质解锁（热线 \(Authority.current.hotline)）。",
    adminLastTryUnsure: "没有把握，不要再试，请联系发证机构（热线 \(Authority.current.hotline)）。",

    oldHint: "现在使用的密码",
    againHint: "再输入一遍新密码，防止输错",
    showPIN: "显示/隐藏密码",
    startsAnew: "继续输入将从头开始，Backspace 清空",
    navigationKey: "这个键不能输入：用小键盘输入数字请先打开 NumLock；换项请按 Tab",
    noRoom: "输入过长，后面的字符没有记录",
    wiped: "已清除输入的密码，请重新输入",
    strengthWeak: "弱",
    strengthFair: "中",
    strengthStrong: "强",
    isSame: "一致",
    differs: "还不一致",
    acceptable: "可以使用",
    complete: "填写完毕，按 Enter 提交",
    willChange: "提交后先核对旧密码，再写入新密码；旧密码错误会用掉一次机会。修改后旧密码立即失效，无法撤销。",
    weakTitle: "新密码较弱",
    weakAsk: "按 Enter 仍然使用这个密码，按 Esc 返回修改。",

    sending: "正在修改密码…",
    doNotRemove: "请不要拔出 U-Key。命令已经发出，不能撤销，请等待结果。",
    usePad: { "密码在 U-Key 或读卡器自带的键盘上输入，不在这里输入。按 Enter 开始，之后有 \($0) 秒。" },
    padWaits: { "请在自带的键盘上输入密码：还有 \($0) 秒" },
    padCancel: "取消也在那里按；按 Esc 只是离开这个画面，结果按未知处理，出来后会另行提示。",
    slow: { "已等待 \($0) 秒，U-Key 没有应答（可能被其他程序占用）。可以继续等待，或按 Esc 离开，结果按未知处理。" },
    interruptWarning: "命令已发出，现在退出将不知道结果；再按一次 Ctrl-C 退出",
  )
}
