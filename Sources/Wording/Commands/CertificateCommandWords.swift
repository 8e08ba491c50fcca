import Failures

/// The words of the commands about certificates.
package struct CertificateCommandWords: Sendable {
  /// Which certificate was taken of so many where none was named.
  package var taken: @Sendable (_ certificate: String, _ count: Int) -> String
  package var written: @Sendable (_ certificate: String, _ file: String) -> String
  /// Heads of the list beside exported files.
  package var columns: [String]

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> CertificateCommandWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  private static let zh = CertificateCommandWords(
    taken: { "U-Key 上有 \($1) 张证书，取 \($0)；另选请用 --container、--role 或 --serial（ukey cert list 列出全部）" },
    written: { "已写入 \(displaySafe($1))：\($0)" },
    columns: ["文件", "证书所有者", "信用代码", "用途", "证书序列号", "截止", "U-Key 序列号"])

  private static let en = CertificateCommandWords(
    taken: {
      "Of \($1) certificates on the key: \($0); for another use --container, --role or --serial (ukey cert list shows all)"
    },
    written: { "Written to \(displaySafe($1)): \($0)" },
    columns: ["File", "Owner", "Credit code", "Use", "Serial number", "Ends", "Key"])
}
