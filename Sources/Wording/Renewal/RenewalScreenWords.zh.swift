internal import Failures
internal import RenewalKit

extension RenewalScreenWords {
  /// 简体中文。
  static let zh = RenewalScreenWords(
    title: "换发证书",
    looking: "正在查看 U-Key：能不能写入新证书，有没有办到一半的……",
    planTitle: "整个过程（旧证书一直可用；随时可停，回主窗口按 F3 接着办）：",
    plan: [
      "1 填写申请：经办人、手机、原因。",
      "2 输入 U-Key 密码，由 U-Key 在新位置里生成一对新密钥；写出要交的文件。",
      "3 打印申请表盖章，和文件一起交给发证机构，等答复。",
      "4 答复来了再按 F3：核对新旧证书，写进 U-Key，当场检验。",
      "5 用新证书登录一次；等全部开标，再删除旧证书。",
    ],
    oldStays: "用旧证书加密的标书只有旧密钥能打开；旧证书和旧密钥一直留着，直到您自己删除。",
    askFirst: { "发证机构要能受理这种申请文件，先打 \($0) 问一声；不受理就按 w 只填书面申请。" },
    room: { "空闲 \($0) 字节，已有 \($1) 个容器" },
    roomUnknown: { "已有 \($0) 个容器；空闲空间这种 U-Key 不报告" },
    littleRoom: "空间可能不够放新证书；真不够时会停下，什么也不写。",
    noEncryptionPair: "这种 U-Key 只能换签名证书，没有加密证书。",
    fillIn: "填写申请",
    paperOnly: "只填书面申请",
    byPaper: { failure in
      let reason: String
      switch (failure.function, failure.context) {
      case _ where failure.code != .renewalNotOffered: reason = failure.line(.zh)
      case ("PIV", _): reason = "写入要用发卡机构的管理密钥，而且会毁掉旧密钥"
      case ("GM/T 0017", _): reason = "没有可靠资料说明怎样写入这个型号"
      case (_, "serial"): reason = "读不到它的序列号"
      case (_, "CKA_ALWAYS_AUTHENTICATE"): reason = "它每次签名都要另输一次密码"
      case ("CKF_WRITE_PROTECTED", _): reason = "它是只读的"
      case (nil, nil): reason = "不支持这种 U-Key"
      case (let function, let context):
        reason = "不支持：" + displaySafe([function, context].compactMap { $0 }.joined(separator: " "))
      }
      return "不能直接写到这把 U-Key 上（\(reason)），下面是书面申请。"
    },
    afterForm: "提交后输入 U-Key 密码，由 U-Key 生成新密钥。旧证书和旧密钥不动。",
    besides: "旁边还会写出订单文件（.ukord）和证书请求（.csr）。",
    since: { "订单 \($0) · \($1) 开始" },
    milestone: { milestone in
      switch milestone {
      case .pair: "U-Key 生成新密钥"
      case .request: "写出申请文件"
      case .answer: "发证机构的答复"
      case .encryptionPair: "导入加密密钥"
      case .certificates: "写入新证书"
      case .check: "检验新证书"
      case .removal: "删除旧证书（全部开标以后）"
      }
    },
    done: "已完成",
    next: "下一步",
    toCome: "未到",
    goOn: { stage in
      switch stage {
      case .begun: "按 Enter 继续：输入密码，由 U-Key 生成新密钥。"
      case .paired: "密钥已在 U-Key 里，不会再生成一次。按 Enter 继续：输入密码，写出申请文件。"
      case .requested: ""
      case .answered: "答复已经存好，不用再给。按 Enter 继续：输入密码，补写没写完的部分。"
      case .installed, .closed: ""
      }
    },
    enterGoesOn: { "\($0)：按 Enter 接着办" },
    newOrder: "重新申请",
    startingOver: {
      "另开一份。原订单 \($0) 和它在 U-Key 上的密钥都留着：答复来了用 ukey renew apply --order \($0) 写入，不要了用 ukey renew forget --order \($0)。"
    },
    stopped: "中途停下了，旧证书不受影响，做过的不会重做。",
    stoppedRemoving: "删除时停下了：旧证书可能已经删除，也可能还在。新证书不受影响。",
    stoppedNext: "插好 U-Key，按 Enter 查看停在哪里，再接着办。",
    look: "查看并继续",
    remedy: { failure in
      switch failure.code {
      case .answerOtherKey: "看看是不是拿错了文件，或是别的单位、别的 U-Key 的答复；是这份订单的，请发证机构重新签发。"
      case .answerPair: "请发证机构重发完整的答复（签名证书、加密证书和加密密钥）。"
      case .answerUnreadable: "看看是不是拿错了文件；是答复文件的，请发证机构重发。"
      case .renewalPairGone: "换上办理这份订单的 U-Key；就是这一把的，按 F9 重新申请。旧证书不受影响。"
      case .renewalReadBack: "再接着办一次；反复出现请联系厂商。旧证书不受影响。"
      case .renewalOrder: "这份订单的记录不见了，按 F9 重新申请。旧证书不受影响。"
      case .oldStillNeeded: "旧容器里已经不是当初那张证书，没有删除。"
      // What follows says it.
      case .cardRemoved: ""
      default: nil
      }
    },
    requestMade: "新密钥已在 U-Key 里，要交的文件写好了：",
    file: { file in
      switch file {
      case .request: "申请"
      case .form: "申请表（打印盖章）"
      case .order: "订单"
      case .csr: "证书请求 PKCS#10"
      }
    },
    handIn: "U-Key 可以收好。把这些文件交给发证机构；不含密码和私钥，可以用邮件发送。",
    comeBack: "答复到了，插上 U-Key，从主窗口按 F3 回到这里，在下面填答复文件。",
    answerFile: "发证机构的答复文件（可拖进来，Tab 补全路径）",
    readAnswer: "读取答复",
    parts: { "已读入 \($0) 个文件，还缺一部分：请给出其余的文件" },
    reading: "正在读取并核对答复……",
    contents: { "答复里有：" + ($0 ? "签名证书、加密证书和加密密钥" : "签名证书（没有加密证书）") },
    none: "无",
    old: "旧证书",
    new: "新证书",
    serial: "序列号",
    until: "有效期至",
    signsWith: "算法",
    container: "容器",
    noDifferences: "所有者、信用代码、颁发者都与旧证书一致，证书链可信。",
    agree: "核对无误",
    agreeAsk: "请逐项核对。都对，按 y 写入（要输入密码）；有不对的按 Esc，什么也不写。",
    write: "写入",
    writeAsk: "按 Enter 写入（要输入密码）。",
    addPart: "再加一个文件",
    installed: "新证书已写入 U-Key，签名检验通过。",
    loginFirst: "1 现在用新证书登录一次，按 Enter。",
    login: "用新证书登录",
    removeLater: "2 旧证书先留着。用它加密的标书都开完以后，再来这里按 d 删除。",
    remove: "删除旧证书",
    removeTitle: "删除旧证书和它的密钥，不能恢复：",
    removeAsk: "确认没有未开标的项目、也没有别的文件还要用旧证书解密，请输入：删除",
    removeWord: "删除",
    removeDiffers: "输入的不是“删除”，什么也没做。要删除，请输入：删除",
    noOld: "没有旧证书可删",
    notRead: "还在读取新证书，请稍等",
    closed: "旧证书已删除，全部办完。",
    closedNext: "以后登录、签章、加密都用新证书。",
    willDo: { act in
      switch act {
      case .request: "提交后由 U-Key 生成新密钥并签署申请，旧证书不动。"
      case .install: "提交后写入新证书，读回核对，再试签一次。旧证书不动。"
      case .remove: "提交后先检验新证书，再删除旧证书和它的密钥。不能恢复。"
      }
    },
    begin: "开始",
    ready: "按 Enter 开始",
    doNotRemove: "请不要拔出 U-Key。万一停电或拔出，下次按 F3 会从停下的地方继续。",
    interruptWarning: "正在写 U-Key；现在退出会停在半路，下次按 F3 接着办。再按一次 Ctrl-C 退出",
    told: { stage in
      switch stage {
      case .begun, .paired: "换发证书没有办完，按 F3 接着办"
      case .requested: "新密钥已生成，申请文件已写出"
      case .answered: "新证书没有写完，按 F3 接着办"
      case .installed: "新证书已写入并通过检验"
      case .closed: "旧证书已删除"
      }
    },
    inList: "换发证书",
    standing: { stage, date in
      switch stage {
      case .begun, .paired: "申请没有写出，\(date) 起"
      case .requested: "等发证机构答复，\(date) 起"
      case .answered: "新证书没有写完，\(date) 起"
      case .installed: "新证书已写入，旧证书还在，\(date) 起"
      case .closed: ""
      }
    },
    note: { stage in
      switch stage {
      case .begun, .paired: "换证：申请没有写出"
      case .requested: "换证：等机构答复"
      case .answered: "换证：没有写完"
      case .installed: "换证：旧证书还在"
      case .closed: ""
      }
    },
    advice: { owner, stage in
      switch stage {
      case .begun, .paired: "\(owner) 的新证书只办了一半，申请没有写出：按 F3 接着办"
      case .requested: "\(owner) 的新证书在等发证机构答复：收到后按 F3 写入"
      case .answered: "\(owner) 的新证书没有写完：按 F3 接着写"
      case .installed: "\(owner) 已有新证书：按 F3 用它登录一次；全部开标后删旧的"
      case .closed: ""
      }
    })
}
