/// The argument parser's help in another language, by its English sentences. The parser speaks English only, and options are
/// declared in it.
package struct HelpWords: Sendable {
  /// How the parser begins what it says of a mistake.
  package static let mistake = "Error: "
  /// How the parser begins the line about the option that a mistake is about.
  package static let help = "Help:  "

  package var headings: [(english: String, own: String)]
  /// Sentences that go on with something of their own, by how they begin: what the parser says of wrong arguments, lists.
  package var beginnings: [(english: String, own: String)]
  /// Parts of what is said of a mistake.
  package var phrases: [(english: String, own: String)]
  /// `values: `, `default: ` and `; default: ` of what the parser adds in brackets.
  package var values: String
  package var defaultValue: String
  package var defaultBehind: String
  /// Before the command that tells more.
  package var see: String
  /// For `<subcommand>`.
  package var subcommand: String
  /// For `<options>`.
  package var options: String
  /// For ` (default)` behind the subcommand that is meant where none is named.
  package var isDefault: String
  private var sentences: [String: String]

  /// `nil` for the language that the parser speaks.
  package static subscript(language: Language) -> HelpWords? {
    switch language {
    case .zh: zh
    case .en: nil
    }
  }

  init(
    headings: [(english: String, own: String)], beginnings: [(english: String, own: String)],
    phrases: [(english: String, own: String)], values: String, defaultValue: String, defaultBehind: String, see: String,
    subcommand: String, options: String, isDefault: String, sentences: [String: String]
  ) {
    self.headings = headings
    self.beginnings = beginnings
    self.phrases = phrases
    self.values = values
    self.defaultValue = defaultValue
    self.defaultBehind = defaultBehind
    self.see = see
    self.subcommand = subcommand
    self.options = options
    self.isDefault = isDefault
    self.sentences = sentences
  }

  package func sentence(_ english: String) -> String? { sentences[english] }
}
