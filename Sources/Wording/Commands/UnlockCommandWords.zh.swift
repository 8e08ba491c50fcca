internal import TokenKit

extension UnlockCommandWords {
  /// 简体中文.
  static let zh = UnlockCommandWords(
    confirmWrite: "确认写入？[y/N] ",
    scan: "发证机构可扫描：",
    noRoomForQR: "终端太小，放不下二维码；可读出下面一行：",
    waitingForFile: { "等待批准文件 \($0) …" },
    askResponse: "收到批准文件后输入 .ukresp 文件路径，或粘贴整行（空行结束等待）：",
    elsewhere: "也可在另一终端运行 ukey unlock apply 文件",
    concerns: "申请内容",
    deskAdminPIN: "管理员密码：",
    deskAdminAgain: "再次输入管理员密码：",
    confirmApprove: "核对无误并批准？[y/N] ",
    responseWritten: { "批准文件已写入 \($0)" },
    temporaryPIN: "临时密码：",
    validUntil: { "批准文件有效期至 \($0)" },
    batchDone: { "批准 \($0) 份，拒绝 \($1) 份" },
    confirmApply: "现在解锁？[y/N] ",
    adminTitle: "现场解锁：用管理员密码（PIV 为 PUK）重设用户密码",
    created: "申请时间",
    weakAdminPIN: { room in
      "管理员密码太弱（至多 \(whole(room.bits)) 位熵）：得到批准文件的人用一个处理器核约 "
        + "\(searchTimeChinese(room.seconds(at: PINRoom.coreRate)))可找出，用大量显卡约 "
        + "\(searchTimeChinese(room.seconds(at: PINRoom.farmRate)))"
    },
    setAdminTitle: "发放 U-Key：设置由办理台派生的管理员密码，不向任何人显示",
    auditWhole: { "审批记录完整，共 \($0) 行" },
    auditUntied: { "其中 \($0) 行没有链值（旧版程序写入，或断电时被截断）" },
    auditHead: "末行，请另行记下：",
    challengeWritten: { "随机码已写入 \($0)" },
    askChallenge: "随机码（整行，或 .ukchl 文件路径）：",
    ownPINFirst: "请设定自己的新密码；解锁与改密一次完成，没有别人知道密码。",
    notChecked: "未核实",
    certificateChecked: "已核实：证书链可信")

  private static func searchTimeChinese(_ seconds: Double) -> String {
    let (count, unit) = searchTime(seconds)
    return switch unit {
    case .instant: "不到 1 秒"
    case .seconds: "\(count) 秒"
    case .minutes: "\(count) 分钟"
    case .hours: "\(count) 小时"
    case .days: "\(count) 天"
    case .years: "\(count) 年"
    }
  }
}
