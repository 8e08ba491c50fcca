/// The words of the screen 登录自检 beyond those of the PIN screens and of the diagnosis.
package struct LoginWords: Sendable {
  package var title: String
  package var certificate: String
  package var noCertificate: String
  /// In place of a certificate that the key shows after a login only.
  package var hiddenCertificate: String
  package var noProfile: String
  package var asking: String
  package var pinHint: String
  package var ready: String
  package var willTry: String
  package var doNotRemove: String
  package var notTried: String
  /// What the page's button calls is there, or is not.
  package var serviceRuns: String
  package var serviceMissing: String
  package var brokenAt: @Sendable (_ step: String) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> LoginWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
