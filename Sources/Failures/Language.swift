/// The languages of the words on the screen.
public enum Language: String, Sendable, CaseIterable {
  case zh
  case en

  /// The language for a locale name such as `zh_CN.UTF-8`: Chinese for `zh…`, English otherwise.
  public init(localeName: String) {
    self = localeName.lowercased().hasPrefix("zh") ? .zh : .en
  }
}
