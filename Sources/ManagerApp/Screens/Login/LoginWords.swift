import Failures

/// The words of the screen 登录自检 beyond those of the PIN screens and of the diagnosis.
struct LoginWords: Sendable {
  var title: String
  var certificate: String
  var noCertificate: String
  var noProfile: String
  var asking: String
  var pinHint: String
  var ready: String
  var willTry: String
  var doNotRemove: String
  var notTried: String
  var brokenAt: @Sendable (_ step: String) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  static subscript(language: Language) -> LoginWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
