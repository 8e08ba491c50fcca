/// The words of `ukey --version` below its first line.
package struct VersionWords: Sendable {
  package var commit: String
  package var noCommit: String
  package var libraries: String
  package var profiles: String
  package var lists: @Sendable (_ devices: Int, _ libraries: Int) -> String

  package static subscript(language: Language) -> VersionWords {
    switch language {
    case .zh:
      VersionWords(
        commit: "提交：", noCommit: "未记录（不是发布版）", libraries: "库：", profiles: "密码规格：",
        lists: { "名单：\($0) 种 U-Key，\($1) 个动态库" })
    case .en:
      VersionWords(
        commit: "commit: ", noCommit: "not recorded (no release)", libraries: "libraries: ", profiles: "PIN profiles: ",
        lists: { "lists: \($0) kinds of U-Key, \($1) libraries" })
    }
  }
}
