/// What stands between words, in one language, blanks included.
package struct Punctuation: Sendable {
  package var colon: String
  package var comma: String
  package var semicolon: String
  /// Between two sentences.
  package var sentenceGap: String
  package var bracketOpen: String
  package var bracketClose: String
  /// BCP 47 tag of the language for pages.
  package var tag: String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> Punctuation {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }

  /// In brackets, to be put behind a word.
  package func paren(_ text: String) -> String { bracketOpen + text + bracketClose }

  static let zh = Punctuation(
    colon: "：", comma: "，", semicolon: "；", sentenceGap: "", bracketOpen: "（", bracketClose: "）", tag: "zh-CN")
  static let en = Punctuation(
    colon: ": ", comma: ", ", semicolon: "; ", sentenceGap: " ", bracketOpen: " (", bracketClose: ")", tag: "en")
}
