extension UnlockCommandWords {
  /// English.
  static let en = UnlockCommandWords(
    confirmWrite: "Write it? [y/N] ",
    scan: "To be scanned at the desk:",
    noRoomForQR: "The terminal is too small for the QR code; this line says the same:",
    waitingForFile: { "Waiting for the response \($0) …" },
    askResponse: "Path of the .ukresp file when it has come (empty line ends the waiting): ",
    elsewhere: "or in another terminal: ukey unlock apply FILE",
    concerns: "The request",
    deskAdminPIN: "Administrator PIN:",
    deskAdminAgain: "Administrator PIN again:",
    confirmApprove: "Everything right? Approve? [y/N] ",
    responseWritten: { "Response written to \($0)" },
    temporaryPIN: "Temporary PIN ",
    temporaryOnce:
      "The temporary PIN is shown only this once; tell it by another way (telephone); it is to be changed at once.",
    validUntil: { "The response is valid until \($0)" },
    batchDone: { "\($0) approved, \($1) refused" },
    confirmApply: "Unlock now? [y/N] ",
    adminTitle: "Unlock at the desk: set the user PIN anew with the administrator PIN (PUK of a PIV card)",
    adminWrong: { left in "Wrong administrator PIN (PUK)" + (left.map { ", \($0) tries left" } ?? "") },
    created: "Made")
}
