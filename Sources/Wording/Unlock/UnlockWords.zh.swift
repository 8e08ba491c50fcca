import UnlockKit

extension UnlockWords {
  /// 简体中文。
  static let zh = UnlockWords(
    title: "业务申请",
    kind: {
      switch $0 {
      case .unlock: "介质解锁"
      case .renew: "续期"
      case .reissue: "介质补办"
      case .change: "变更"
      }
    },
    keySerial: "U-Key 序列号",
    owner: "证书所有者",
    uscc: "信用代码",
    application: "应用",
    userPIN: "用户密码",
    adminPIN: "管理员密码",
    tries: { tries in
      if tries.isLocked { return "已锁定" }
      guard let left = tries.left else { return "剩余次数未知" }
      return "剩余 " + (tries.maximum.map { "\(left)/\($0) 次" } ?? Chinese.times(left))
    },
    checkCode: "核对码",
    otherName: "换一个文件名再提交。",
    name: "经办人",
    mobile: "手机",
    reason: { $0 == .change ? "变更内容" : "原因" },
    certificate: "证书",
    delivery: "领取方式",
    deliveryName: { $0 == .collect ? "现场领取" : "邮寄" },
    address: "邮寄地址",
    kindTitle: "业务类型",
    remember: "记住经办人",
    problem: { problem, kind in
      let field =
        switch problem.field {
        case .name: "经办人"
        case .mobile: "手机"
        case .reason: kind == .change ? "变更内容" : "原因"
        case .address: "邮寄地址"
        case .uscc: "信用代码"
        }
      switch problem.issue {
      case .missing: return field + "：必填"
      case .tooLong(let maximum): return field + "：最多 \(maximum) 个字"
      case .invisibleCharacters: return field + "：含有不可见字符，请重新输入"
      case .notMobile: return field + "：应为 11 位手机号"
      case .usccCheck: return field + "：校验位不符，请核对（早期试点代码除外）"
      case .usccShape: return field + "：不是 18 位统一社会信用代码，请核对"
      case .usccDiffers: return field + "：与证书中的不一致，请核对"
      }
    },
    keyWarning: "续期、变更或补办会换发新的加密密钥：用旧证书加密的未开标投标文件今后无法解密。请先完成开标，或换发后重新加密上传。",
    willWrite: { "以上内容将写入 \($0)（仅本人可读，不含密码）。" },
    written: { "申请已写入 \($0)" },
    formWritten: { "申请表已写入 \($0)，请打印、签字、盖章" },
    compact: "申请代码",
    keepInserted: "请勿拔出 U-Key，也不要关闭此窗口。",
    invalidates: "拔出或断电、关闭此程序、其他证书软件使用 U-Key、再次生成，都会使随机码失效。",
    challengeEnded: "U-Key 已被拔出或重置，随机码失效；申请仍有效，可重新生成随机码。",
    notRemote: "该 U-Key 不能通过文件远程解锁：请把申请表交给发证机构并携带 U-Key 办理；现场由管理员用 ukey unlock admin 解锁。",
    putAway: "现在可以收好 U-Key。发证机构准备好后插上 U-Key，运行 ukey unlock challenge（窗口中按 F3），约 15 分钟内办完。",
    certificateSerial: "证书序列号",
    usccGiven: "自填信用代码",
    challengeLine: "随机码，请交给办理台（整行，可扫码、可发文件）：",
    challengeUntil: { "有效期至 \($0)，过后重新生成即可。" },
    signedBy: { "批准文件由办理台「\($0)」签名" },
    willApply: { serial, left in
      "将向 U-Key \(serial) 发送一次解锁命令，用户密码改为临时密码。批准文件若不匹配，会用掉一次管理员密码次数"
        + (left.map { "（现剩余 \($0) 次）。" } ?? "。")
    },
    askOwnPIN: "向 U-Key 发送一次：解锁并改为这个新密码，没有别人知道。批准文件不匹配会用掉一次管理员密码次数。",
    ownPINHint: "请设定自己的新密码",
    finishLater: "U-Key 上是临时密码：运行 ukey unlock apply 批准文件 --finish 改成自己的密码。",
    adminLocked: "管理员密码（PUK）已锁定，无法在此解锁：请联系发证机构补办 U-Key，热线 \(Authority.current.hotline)。",
    responseWrong: { left in
      "批准文件与 U-Key 对不上，没有解锁" + (left.map { "；管理员密码还剩 \($0) 次" } ?? "")
    },
    responseWrongNext:
      "多半是管理员密码被改过，也可能是批准的不是这一次的申请。不要反复试（每次用掉管理员密码一次）：请告诉发证机构核对，热线 \(Authority.current.hotline)。",
    file: "申请文件",
    responseFile: "收到批准文件（.ukresp）后，把文件拖进来、填路径或粘贴整行，按回车：",
    choiceHint: "Tab ↑↓ 换行，←→ 选择；回车核对后再写入。不需要密码。",
    leaveWarning: "离开会使随机码失效（申请仍有效）；再按一次 Esc 离开",
    making: "正在读取 U-Key 并写入申请…",
    challenging: "正在向 U-Key 取随机码…",
    checking: "正在核对批准文件…",
    isWaiting: { "\($0) 的解锁申请正在等待办理。" },
    enterForChallenge: "发证机构准备好后，回车生成随机码（15 分钟内有效）。",
    completePath: "补全路径",
    useOtherName: "换一个名字",
    takenAsk: { free in
      (free.map { "按 Enter 改用 \($0)；" } ?? "按 Enter 换一个文件名；") + "按 y 覆盖已有的文件（不能恢复）；按 Esc 返回。"
    },
    openForm: "打开申请表",
    printForm: "打印申请表",
    noForm: "申请表是以前写的，请到当时的文件夹里找",
    cannotOpen: "这里没有桌面：请把申请表拷到有浏览器的电脑上打开",
    cannotPrint: "这台电脑没有能打印它的程序：请按 o 打开后打印，或拷到别的电脑",
    opened: "已交给桌面打开",
    printed: "已交给打印机",
    notOpened: "没能打开，请在文件管理器里双击申请表",
    notPrinted: "没能打印，请按 o 打开后在浏览器里打印",
    sendTo: { "打印申请表，签字盖章，和申请文件一起发到 \($0.hallName)；有疑问打 \($0.hotline)。" },
    noticed: { "发现批准文件：\($0)" },
    noticedLook: "批准文件已到，核对后按 Enter 继续。",
    doneElsewhere: "这次解锁已在另一个窗口办完，U-Key 正在重新读取。",
    remoteWarning: "您经 ssh 登录：断线会使随机码失效，请在 tmux 或 screen 里办。",
    applying: "正在操作，请勿拔出 U-Key…",
    enterToWrite: "回车写入，Esc 返回修改",
    handIn: "请把申请表签字盖章后提交发证机构。",
    reasonLocked: "密码已锁定",
    reasonForgotten: "忘记密码",
    reasonExpiring: "证书即将到期",
    reasonExpired: "证书已过期",
    reasonDamaged: "U-Key 损坏",
    noApplication: "U-Key 上没有应用",
    no: "否",
    yesWord: "是")
}
