public import Failures

/// A cause in words: what is wrong, and what to do.
public struct CauseWords: Sendable, Equatable {
  /// Without a full stop.
  public let title: String
  /// In words that a clerk can follow.
  public let remedy: String

  init(_ title: String, _ remedy: String) {
    self.title = title
    self.remedy = remedy
  }
}

extension Cause {
  public func words(_ language: Language) -> CauseWords {
    switch language {
    case .zh: wordsZH
    case .en: wordsEN
    }
  }
}

extension CheckID {
  /// The link as a question.
  public func title(_ language: Language) -> String {
    switch language {
    case .zh: titleZH
    case .en: titleEN
    }
  }
}

extension LoginStep {
  /// The link of the self-test, in a few words.
  public func title(_ language: Language) -> String {
    switch (self, language) {
    case (.key, .zh): "连接介质"
    case (.certificate, .zh): "签名证书"
    case (.validity, .zh): "证书有效期"
    case (.usage, .zh): "证书用途"
    case (.pin, .zh): "核对密码"
    case (.signature, .zh): "介质签名"
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
  public func title(_ language: Language) -> String {
    switch language {
    case .zh: titleZH
    case .en: titleEN
    }
  }
}

extension Verdict {
  public func title(_ language: Language) -> String {
    switch (self, language) {
    case (.ok, .zh): "正常"
    case (.warning, .zh): "注意"
    case (.fault, .zh): "断点"
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
  public var symbol: String {
    switch self {
    case .ok: "✓"
    case .warning: "⚠"
    case .fault: "✕"
    case .unknown: "?"
    case .skipped: "·"
    }
  }
}

/// Sentences of the conclusion and the report.
public struct DiagnosisPhrases: Sendable {
  public var allWell: String
  public var noFault: String
  public var firstFault: String
  public var firstWarning: String
  public var cause: String
  public var remedy: String
  public var fix: String
  public var fixRoot: String
  public var chain: String
  public var facts: String
  public var because: @Sendable (String) -> String
  public var seconds: @Sendable (String) -> String
  public var report: String
  public var end: String
  public var redacted: String
  public var full: String
  public var running: String
  public var demo: String
  public var documentation: String
  /// The verdict on a login that was tried and passed, and what that does not prove.
  public var loginPassed: String
  public var loginPassedMeans: String
  public var loginNotProved: String

  /// Lent, not returned: a copy would retain every word, and code for that stood wherever a word is read.
  public static subscript(language: Language) -> DiagnosisPhrases {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
