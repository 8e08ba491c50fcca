/// The words of `ukey list`: heads of its columns, and what it says when nothing is left.
package struct ListWords: Sendable {
  package var owner: String
  package var code: String
  package var role: String
  package var end: String
  package var days: String
  package var pin: String
  package var key: String
  package var serial: String
  package var reader: String
  package var locked: String
  package var nothing: String

  package static subscript(language: Language) -> ListWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ListWords(
    owner: "证书所有者", code: "信用代码", role: "证书", end: "截止", days: "剩余", pin: "密码", key: "U-Key", serial: "证书序列号",
    reader: "读卡器", locked: "已锁定", nothing: "没有符合条件的证书。")

  private static let en = ListWords(
    owner: "Owner", code: "Credit code", role: "Certificate", end: "Ends", days: "Left", pin: "PIN", key: "Key",
    serial: "Serial number", reader: "Reader", locked: "locked", nothing: "No certificate is like that.")
}
