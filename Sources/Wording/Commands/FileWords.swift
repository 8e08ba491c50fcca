/// What the commands say of files.
package struct FileWords: Sendable {
  /// - Parameter more: how many others are there besides.
  package var overwrite: @Sendable (_ file: String, _ more: Int) -> String

  /// Behind a line of a settings file, shown as it stands.
  package var notUnderstood: String

  package static subscript(language: Language) -> FileWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = FileWords(
    overwrite: { file, more in "\(file)\(more > 0 ? " 等 \(more + 1) 个文件" : "") 已存在。覆盖吗？[y/N] " },
    notUnderstood: "（没看懂，未采用）")

  private static let en = FileWords(
    overwrite: { file, more in
      more > 0
        ? "\(file) and \(more) more are there already. Overwrite them? [y/N] "
        : "\(file) is there already. Overwrite it? [y/N] "
    }, notUnderstood: " (not understood, not used)")
}
