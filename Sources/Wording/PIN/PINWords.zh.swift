extension PINWords {
  /// 简体中文.
  static let zh = PINWords(
    title: "修改密码",
    adminTitle: "修改管理员密码",
    pin: "密码",
    old: { "旧\($0)" },
    new: { "新\($0)" },
    again: { "再次输入新\($0)" },
    adminPIN: "管理员密码",
    puk: "PUK",

    triesLeft: { left, max in
      guard let left else { return "U-Key 未提供剩余次数" }
      return max.map { "还可以试 \(left) 次（共 \($0) 次）" } ?? "还可以试 \(Chinese.times(left))"
    },
    confirmLow: { left in
      let count = left.map { "只剩 \($0) 次尝试机会" } ?? "剩余次数未知"
      return "\(count)，次数用完 U-Key 将锁定。确定记得密码，请输入“继续”："
    },
    confirmWord: "继续",
    adminWord: "管理员",
    yes: ["是"],
    lastTryRefused:
      "有把握时：命令行加 --low-tries（3 次及以下）或 --last-try（最后一次）。没有把握：不要再试，办理介质解锁（F3，热线 \(Authority.current.hotline)）。",
    lastAdminTryRefused:
      "有把握时：命令行加 --low-tries（3 次及以下）或 --last-try（最后一次）。没有把握：不要再试，它锁定后 U-Key 再锁定就只能补办（热线 \(Authority.current.hotline)）。",
    policy: { "长度 \($0)–\($1) 位，英文、数字和符号" },
    cancelled: "已取消，没有发送",

    rule: { rule in
      switch rule {
      case .empty: "没有输入密码"
      case .tooShort(let minimum): "太短，至少 \(minimum) 位"
      case .tooLong(let maximum): "太长，至多 \(maximum) 位"
      case .notASCII: "含有英文、数字和符号以外的字符，请关闭中文输入法"
      case .fullWidth: "含有全角字符，请切换为半角后重新输入"
      case .repeatDiffers: "两次输入的新密码不一致"
      case .sameAsOld: "新密码与旧密码相同"
      case .wellKnown: "这是常见的初始密码，容易被猜到"
      case .allAlike: "所有字符都相同，容易被猜到"
      case .run: "是连续的字符，容易被猜到"
      case .partOfIdentity: "是信用代码或 U-Key 序列号的一部分，容易被猜到"
      case .notDigits: "按标准此类 U-Key 的密码只用数字，含其他字符可能被 U-Key 拒绝"
      }
    },

    named: { pin in
      switch pin {
      case .user: "密码"
      case .admin: "管理员密码"
      case .puk: "PUK"
      }
    },
    verified: { "\($0)正确" },
    changed: { "\($0)已修改" },
    changedNext: "请牢记新密码；下次登录使用新密码。",
    adminChangedNext: "用户密码没有改变。管理员密码用来解锁：请把新的交给发证机构，不然以后远程解锁会失败，还会用掉它的次数。",
    unblocked: "U-Key 已解锁，密码已重设",
    unblockedNext: "请马上把临时密码改为自己的密码。",
    wrong: { pin, left in pin + "不正确" + (left.map { "，还可以试 \(Chinese.times($0))" } ?? "") },
    wrongNext: "核对大小写和数字键盘（NumLock），关闭中文输入法。次数不会隔天恢复。",
    adminWrongNext: "先核对它是不是这把 U-Key 的，不要猜：次数不会隔天恢复，用完后密码再锁定就只能补办。",
    locked: { "\($0)已锁定" },
    lockedNext: "不要再试。办理介质解锁：F3 解锁申请（ukey unlock request），热线 \(Authority.current.hotline)。",
    pukLockedNext: "次数不会自行恢复。用户密码没有改变；如果用户密码也已锁定，需补办 U-Key，热线 \(Authority.current.hotline)。",
    unlockByPUK: "不要再试。由保管 PUK 的人用它重设密码：ukey unlock admin；否则请拨热线 \(Authority.current.hotline)。",
    unlockByAdmin: "不要再试。由保管管理员密码的人用它重设密码：ukey unlock admin；否则请拨热线 \(Authority.current.hotline)。",
    notSent: "没有发送：",
    notSentNext: "不计入次数，修改后重新输入。",
    tooFewTries: { left in left.map { "只剩 \($0) 次尝试机会" } ?? "U-Key 没有说明剩余次数" },
    noProfile: "没有适用于此 U-Key 的密码规格",
    noProfileNext: "可用厂商的 SKF 库（--provider skf:路径），或提交申请；也可自担风险用 --profile 指定配置。",
    otherKey: "读卡器中已不是刚才显示的 U-Key",
    otherKeyNext: "确认插入的是所示 U-Key，重新读取后再操作。",
    refused: { "U-Key 拒绝，\($0)未改变 · \($1)" },
    refusedNext: { "旧\($0)仍然有效。换一个符合此 U-Key 要求的新密码再试。" },
    refusedEntered: "此 U-Key 不接受这种形式的密码，输入的不是它的密码。核对位数、数字键盘（NumLock）和输入法。",
    refusedExpired: "密码正确但已过期：请先修改密码（F2，ukey pin change）。",
    refusedNotSet: "此 U-Key 还没有设置密码：用管理员密码设置（ukey unlock admin）。",
    refusedAgain: "不计入次数。重新插入 U-Key 后再试；仍出错时把编号告诉支持人员。",
    unknownVerify: "结果未知：密码已发出，未收到回应",
    unknownVerifyNext: "密码没有改变；如果密码是错的，可能已用掉一次。重新插入 U-Key，先看剩余次数再操作。",
    unknownChange: "结果未知：修改命令已发出，未收到回应",
    unknownChangeNext: "新旧密码都可能有效。重新插入 U-Key，先试新密码，再试旧密码；每次错误用掉一次。程序不会自动尝试。",
    unknownUnblock: "结果未知：解锁命令已发出，未收到回应",
    unknownUnblockNext: "重新插入 U-Key，看密码状态：仍锁定则未解锁；已恢复次数则临时密码有效。程序不会自动尝试。",
    unknownLeft: "本程序已不再等待；U-Key 键盘可能继续等到它自己的时限，请在键盘上取消，此时输入的密码仍可能生效。",
    unknownAnswer: "结果未知：命令已发出，收到的回应不能说明结果")
}
