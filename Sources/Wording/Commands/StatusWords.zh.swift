extension StatusWords {
  /// 简体中文.
  static let zh = StatusWords(
    lockedCommand: "需办理介质解锁（ukey unlock request）",
    noneInserted: "没有插入")
}
