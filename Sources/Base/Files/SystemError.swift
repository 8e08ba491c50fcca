/// A call of the system that failed. This floor knows no failure codes: who calls says what it means.
package struct SystemError: Error, Sendable, Equatable {
  /// The call, for example `open`.
  package var function: String
  /// Its `errno`.
  package var number: Int32
  /// The file it was about; not made safe to show.
  package var subject: String?

  /// Says that a path could have been written by another user (``TrustedPath``).
  package var isUntrusted: Bool { function == "lstat" && number == 1 }

  package init(_ function: String, _ number: Int32, _ subject: String? = nil) {
    self.function = function
    self.number = number
    self.subject = subject
  }
}
