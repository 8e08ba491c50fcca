/// The words of the diagnosis that only the command prints.
package struct DoctorWords: Sendable {
  package var written: @Sendable (String) -> String
  package var offer: @Sendable (_ command: String) -> String
  package var ran: @Sendable (_ status: Int32) -> String
  package var forAdministrator: @Sendable (_ line: String) -> String
  package var pin: String
  /// With which certificate the login is tried.
  package var trying: @Sendable (_ certificate: String) -> String

  /// Lent, not returned: see ``Words/subscript(_:)``.
  package static subscript(language: Language) -> DoctorWords {
    _read {
      switch language {
      case .zh: yield zh
      case .en: yield en
      }
    }
  }
}
