/// The words of `ukey name`.
package struct NameWords: Sendable {
  package var none: String
  package var named: @Sendable (_ serial: String, _ name: String) -> String
  package var removed: @Sendable (_ serial: String) -> String
  package var hadNone: @Sendable (_ serial: String) -> String

  package static subscript(language: Language) -> NameWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = NameWords(
    none: "还没有起过名称。插上 U-Key 后运行：ukey name 名称", named: { "U-Key \($0) 在这台电脑上叫“\($1)”" },
    removed: { "U-Key \($0) 的名称已取消" }, hadNone: { "U-Key \($0) 本来就没有名称" })

  private static let en = NameWords(
    none: "No key has a name yet. Plug one in, then: ukey name NAME",
    named: { "Key \($0) is called “\($1)” on this computer" },
    removed: { "Key \($0) has no name any more" }, hadNone: { "Key \($0) had no name" })
}
