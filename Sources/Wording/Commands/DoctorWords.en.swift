import Failures

extension DoctorWords {
  static let en = DoctorWords(
    written: { "Report written: " + displaySafe($0) },
    offer: { "\nThis command can repair it:\n  \($0)\nRun it now? y to run it, Enter to leave it:" },
    ran: { $0 == 0 ? "Done. Checked again:" : "The command returned \($0). Checked again:" },
    forAdministrator: { "\nA line for the administrator:\n  \($0)" },
    pin: "PIN (login self-test):", trying: { "Login self-test with: " + $0 })
}
