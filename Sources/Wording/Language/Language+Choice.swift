extension Language {
  /// A locale that means it, for a program that is started.
  package var locale: String {
    switch self {
    case .zh: "zh_CN.UTF-8"
    case .en: "C.UTF-8"
    }
  }

  /// The variables that name the locale of messages, the first that is set counts.
  package static let localeVariables = ["LC_ALL", "LC_MESSAGES", "LANG"]

  /// The language of this process's locale; English where none is named.
  ///
  /// - Parameter variable: reads the environment; `nil` or empty where it is not set.
  package static func ofLocale(_ variable: (String) -> String?) -> Language {
    for name in localeVariables {
      if let value = variable(name), !value.isEmpty { return Language(localeName: value) }
    }
    return .en
  }

  /// The language that the arguments ask for with `--lang`, though they were not parsed; `nil` when they do not.
  package init?(arguments: [String]) {
    for (index, argument) in arguments.enumerated() where argument == "--lang" && index + 1 < arguments.count {
      if let language = Language(rawValue: arguments[index + 1]) {
        self = language
        return
      }
    }
    for argument in arguments where argument.hasPrefix("--lang=") {
      if let language = Language(rawValue: String(argument.dropFirst(7))) {
        self = language
        return
      }
    }
    return nil
  }
}
