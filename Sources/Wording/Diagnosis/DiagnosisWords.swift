package import DiagnosisKit

/// A cause in words: what is wrong, and what to do.
package struct CauseWords: Sendable, Equatable {
  /// Without a full stop.
  package let title: String
  /// In words that a clerk can follow.
  package let remedy: String

  init(_ title: String, _ remedy: String) {
    self.title = title
    self.remedy = remedy
  }
}

extension Cause {
  package func words(_ language: Language) -> CauseWords {
    switch language {
    case .zh: wordsZH
    case .en: wordsEN
    }
  }
}

extension CheckID {
  /// The link as a question.
  package func title(_ language: Language) -> String {
    switch language {
    case .zh: titleZH
    case .en: titleEN
    }
  }
}

extension LoginStep {
  /// The link of the self-test, in a few words.
  package func title(_ language: Language) -> String {
    switch (self, language) {
    case (.key, .zh): "连接 U-Key"
    case (.certificate, .zh): "签名证书"
    case (.validity, .zh): "证书有效期"
    case (.usage, .zh): "证书用途"
    case (.pin, .zh): "核对密码"
    case (.signature, .zh): "U-Key 签名"
    case (.verification, .zh): "证书验签"
    case (.key, .en): "Key"
    case (.certificate, .en): "Certificate"
    case (.validity, .en): "Validity"
    case (.usage, .en): "Usage"
    case (.pin, .en): "PIN"
    case (.signature, .en): "Signing"
    case (.verification, .en): "Signature check"
    }
  }
}

extension Fact {
  package func title(_ language: Language) -> String {
    switch language {
    case .zh: titleZH
    case .en: titleEN
    }
  }
}

extension Verdict {
  package func title(_ language: Language) -> String {
    switch (self, language) {
    case (.ok, .zh): "正常"
    case (.warning, .zh): "注意"
    case (.fault, .zh): "不通"
    case (.unknown, .zh): "未知"
    case (.skipped, .zh): "跳过"
    case (.ok, .en): "ok"
    case (.warning, .en): "look"
    case (.fault, .en): "FAULT"
    case (.unknown, .en): "unknown"
    case (.skipped, .en): "skipped"
    }
  }

  /// Beside the word, never alone.
  package var symbol: String {
    switch self {
    case .ok: Symbol.ok.rawValue
    case .warning: Symbol.warning.rawValue
    case .fault: Symbol.error.rawValue
    case .unknown: Symbol.unknown.rawValue
    case .skipped: Symbol.skipped.rawValue
    }
  }
}

extension DiagnosisPhrases {
  /// What stands before the link that a conclusion names first.
  package func head(_ verdict: Verdict) -> String {
    switch verdict {
    case .fault: firstFault
    case .unknown: firstUnknown
    default: firstWarning
    }
  }
}

/// Sentences of the conclusion and the report.
package struct DiagnosisPhrases: Sendable {
  package var allWell: String
  package var noFault: String
  package var firstFault: String
  package var firstUnknown: String
  package var firstWarning: String
  /// How many links are not known.
  package var notWhole: @Sendable (Int) -> String
  /// Before the complaint.
  package var complaint: String
  /// That the link named first explains the complaint; that it does not; that it keeps the links of the complaint from
  /// being looked at; that they all hold.
  package var explains: String
  package var elsewhere: String
  /// Which of the links of the complaint needs a look, though none is broken, and why.
  package var lookFirst: @Sendable (String, String) -> String
  package var keeps: String
  package var symptomWell: String
  /// Asks for the complaint; the choice without one; the key that takes it back.
  package var askSymptom: String
  package var wholeChain: String
  /// How to see what is shortened.
  package var seeAll: String
  /// Before the further links that a conclusion names.
  package var alsoNamed: String
  /// How many more there are than there was room for.
  package var moreBelow: @Sendable (Int) -> String
  package var cause: String
  package var remedy: String
  package var fix: String
  package var fixRoot: String
  package var chain: String
  package var facts: String
  package var because: @Sendable (String) -> String
  package var seconds: @Sendable (String) -> String
  package var report: String
  package var end: String
  package var redacted: String
  package var full: String
  package var running: String
  package var demo: String
  package var documentation: String
  /// The verdict on a login that was tried and passed, and what that does not prove.
  package var loginPassed: String
  package var loginPassedMeans: String
  package var loginNotProved: String
  package var yes: String
  package var no: String
  package var roleSignature: String
  package var roleEncryption: String
  package var roleAuthentication: String
  package var roleCardAuthentication: String
  /// Cells of the columns of the chain, the blank behind them counted: the longest words fit.
  package var verdictWidth: Int
  package var titleWidth: Int

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  package static subscript(language: Language) -> DiagnosisPhrases {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
