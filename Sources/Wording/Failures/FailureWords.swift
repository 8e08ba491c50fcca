package import Failures
internal import RenewalKit
internal import TokenKit

/// What a failure is called and what to do about it, in one language. The numbers are added by ``Failure``.
package struct FailureWords: Sendable, Equatable {
  /// What happened, without a full stop.
  package let title: String
  /// What to do, in words that a clerk can follow.
  package let remedy: String

  init(title: String, remedy: String) {
    self.title = title
    self.remedy = remedy
  }
}

extension FailureWords {
  /// Of UK-542 where that is all that is wrong.
  fileprivate static func passphraseWrong(_ language: Language) -> FailureWords {
    switch language {
    case .zh:
      FailureWords(title: "私有CA 私钥的口令不对，或私钥文件已损坏", remedy: "核对口令：区分大小写，关闭中文输入法。没有签发任何证书。")
    case .en:
      FailureWords(
        title: "The passphrase of the authority's key is wrong, or its file is damaged",
        remedy: "Check capital letters, turn the input method off. Nothing was issued.")
    }
  }
}

extension FailureCode {
  /// The words for this code.
  package func words(_ language: Language) -> FailureWords {
    switch language {
    case .zh: wordsZH
    case .en: wordsEN
    }
  }
}

extension Failure {
  /// What happened and what to do.
  package func words(_ language: Language) -> FailureWords {
    if isPassphraseWrong { return .passphraseWrong(language) }
    return ForeignCard(self)?.words(language) ?? code.words(language)
  }

  /// One line for people: `读卡服务没有运行（UK-101 · SCARD 0x8010001D）`.
  package func line(_ language: Language) -> String {
    let detail = [code.rawValue, number?.description].compactMap { $0 }.joined(separator: " · ")
    return words(language).title + Punctuation[language].paren(detail)
  }
}
