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

  static func of(_ language: Language) -> LoginWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }
}
