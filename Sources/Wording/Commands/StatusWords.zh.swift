extension StatusWords {
  /// 简体中文.
  static let zh = StatusWords(
    lockedCommand: "需办理介质解锁（ukey unlock request）",
    lockedByPUK: "用 PUK 重设密码（ukey unlock admin）",
    lockedByAdmin: "用管理员密码重设密码（ukey unlock admin）",
    noneInserted: "没有插入")
}
