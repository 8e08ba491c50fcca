package import DiagnosisKit
internal import Failures

extension PortHolder {
  /// `java (pid 812, user root)`, as much of it as can be seen.
  package func text(_ language: Language) -> String {
    let owner = ServiceWords[language].ofUser(displaySafe(user))
    guard let program, let pid else { return owner }
    return displaySafe(program) + Punctuation[language].paren("pid \(pid)" + Punctuation[language].comma + owner)
  }
}
