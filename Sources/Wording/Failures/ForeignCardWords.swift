package import TokenKit

extension ForeignCard {
  /// What it is and what would read it.
  package func words(_ language: Language) -> FailureWords {
    let name = kind.name(language)
    guard kind.isForOpenSC else {
      return switch language {
      case .zh: FailureWords(title: "这是\(name)，不是 U-Key", remedy: "取出这张卡，插入存有证书的 U-Key。")
      case .en:
        FailureWords(
          title: "This is \(name), not a U-Key", remedy: "Take it out and plug in the U-Key that holds the certificate."
        )
      }
    }
    switch (language, provider) {
    case (.zh, let provider?):
      return FailureWords(
        title: "这是\(name)，本工具不直接读取",
        remedy: "本机装有能读它的模块：加上 --provider \(provider)，或把 \(provider) 写入 ~/.config/ukey/providers.conf 长期使用。")
    case (.zh, nil):
      return FailureWords(
        title: "这是\(name)，本工具不直接读取",
        remedy:
          "安装 OpenSC（软件包 opensc-pkcs11），再用 --provider pkcs11:路径 指定 opensc-pkcs11.so；发证机构另有动态库时用 --provider skf:路径。")
    case (.en, let provider?):
      return FailureWords(
        title: "This is \(name), which this tool does not read itself",
        remedy:
          "A module on this machine reads it: add --provider \(provider), or write \(provider) into ~/.config/ukey/providers.conf for good."
      )
    case (.en, nil):
      return FailureWords(
        title: "This is \(name), which this tool does not read itself",
        remedy:
          "Install OpenSC (package opensc-pkcs11) and name its opensc-pkcs11.so with --provider pkcs11:PATH; a library of the certificate authority with --provider skf:PATH."
      )
    }
  }
}

extension ForeignCard.Kind {
  /// With its article, as in "this is …".
  fileprivate func name(_ language: Language) -> String {
    switch (self, language) {
    case (.openPGP, .zh): "一张 OpenPGP 卡"
    case (.openPGP, .en): "an OpenPGP card"
    case (.cac, .zh): "一张 CAC 卡"
    case (.cac, .en): "a CAC"
    case (.pkcs15, .zh): "一张 PKCS#15 卡"
    case (.pkcs15, .en): "a PKCS#15 card"
    case (.gids, .zh): "一张 GIDS 卡"
    case (.gids, .en): "a GIDS card"
    case (.eID, .zh): "一张电子身份证件"
    case (.eID, .en): "an electronic identity card"
    case (.bank, .zh): "一张银行卡"
    case (.bank, .en): "a bank card"
    case (.memory, .zh): "一张存储卡（如门禁卡）"
    case (.memory, .en): "a storage card (such as a door card)"
    }
  }
}
