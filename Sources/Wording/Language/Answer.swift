/// What people type to agree. Taken in every language, whatever the program speaks: a terminal without an input method
/// cannot type 是.
package enum Answer {
  /// Whether the line says yes; blanks and case do not matter.
  package static func isYes(_ line: String) -> Bool {
    let typed = line.lowercased().filter { !$0.isWhitespace }
    return Language.allCases.contains { PINWords[$0].yes.contains(typed) }
  }

  /// Whether the line is the word that leads to the administrator PIN.
  package static func isAdministrator(_ line: String) -> Bool {
    let typed = line.split(separator: " ").joined().lowercased()
    return Language.allCases.contains { PINWords[$0].adminWord == typed }
  }

  /// Whether the line is the word that confirms where few tries are left.
  package static func isConfirmation(_ line: String) -> Bool {
    let typed = line.split(separator: " ").joined().lowercased()
    return Language.allCases.contains { PINWords[$0].confirmWord == typed }
  }
}
