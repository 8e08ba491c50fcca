/// The words of exporting beyond one certificate.
package struct ExportWords: Sendable {
  package var scope: String
  package var certificate: String
  package var key: String
  package var all: String
  package var folder: String
  package var count: @Sendable (Int) -> String

  package static subscript(language: Language) -> ExportWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ExportWords(
    scope: "范围", certificate: "这一张", key: "这把 U-Key", all: "全部 U-Key", folder: "文件夹", count: { "\($0) 张" })

  private static let en = ExportWords(
    scope: "Which", certificate: "this one", key: "this key", all: "all keys", folder: "Folder", count: { "(\($0))" })
}
