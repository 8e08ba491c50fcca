internal import TokenKit

extension UnlockCommandWords {
  /// English.
  static let en = UnlockCommandWords(
    confirmWrite: "Write it? [y/N] ",
    scan: "To be scanned at the desk:",
    noRoomForQR: "The terminal is too small for the QR code; this line says the same:",
    waitingForFile: { "Waiting for the response \($0) …" },
    askResponse: "Path of the .ukresp file when it has come, or its line (an empty line ends the waiting): ",
    elsewhere: "or in another terminal: ukey unlock apply FILE",
    concerns: "The request",
    deskAdminPIN: "Administrator PIN:",
    deskAdminAgain: "Administrator PIN again:",
    confirmApprove: "Everything right? Approve? [y/N] ",
    responseWritten: { "Response written to \($0)" },
    temporaryPIN: "Temporary PIN:",
    validUntil: { "The response is valid until \($0)" },
    batchDone: { "\($0) approved, \($1) refused" },
    confirmApply: "Unlock now? [y/N] ",
    adminTitle: "Unlock at the desk: set the user PIN anew with the administrator PIN (PUK of a PIV card)",
    created: "Made",
    weakAdminPIN: { room in
      "Weak administrator PIN (at most \(whole(room.bits)) bits): who has an answer finds it in "
        + "\(searchTimeEnglish(room.seconds(at: PINRoom.coreRate))) on one processor core, in "
        + "\(searchTimeEnglish(room.seconds(at: PINRoom.farmRate))) with many graphics cards"
    },
    setAdminTitle: "At issuing: set the administrator PIN that the desk derives for this key; it is shown to nobody",
    auditWhole: { "The record is whole: \($0) lines" },
    auditUntied: { "\($0) of them without a tie (of an older program, or cut by a power failure)" },
    auditHead: "Its end, to be noted elsewhere:",
    challengeWritten: { "Challenge written to \($0)" },
    askChallenge: "Challenge (the whole line, or the path of the .ukchl file): ",
    ownPINFirst: "Choose a new PIN of your own; unlocking and changing are one, and nobody else knows it.",
    notChecked: "not verified",
    certificateChecked: "verified: the chain is trusted")

  private static func searchTimeEnglish(_ seconds: Double) -> String {
    let (count, unit) = searchTime(seconds)
    return switch unit {
    case .instant: "less than a second"
    case .seconds: "\(count) seconds"
    case .minutes: "\(count) minutes"
    case .hours: "\(count) hours"
    case .days: "\(count) days"
    case .years: "\(count) years"
    }
  }
}
