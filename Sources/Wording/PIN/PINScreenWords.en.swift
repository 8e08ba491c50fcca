extension PINScreenWords {
  /// English.
  static let en = PINScreenWords(
    stillReading: "the key is still being read",
    noPIN: "no application with a PIN on the key",
    noProfile: "no PIN profile: --provider skf:PATH, or F3",
    noAdminPIN: "this application has no administrator PIN",
    running: "the command has left and cannot be undone; please wait",

    key: "Key",
    application: "Application",
    kind: "Which PIN",
    pukTitle: "Change PUK",
    tries: "Tries left",
    isDefault: "initial PIN",
    kept: "kept by the issuer, do not try it",

    adminIsAuthoritys: { "The \($0) is kept by the issuer, who unlocks with it. It is not your PIN." },
    adminHarm: "Once changed, unlocking from afar fails; once its tries are used up, the key has to be issued anew.",
    adminHint: "If it is yours to keep, type “administrator” and press Enter; if not, press Esc.",
    adminWordDiffers: "That is not “administrator”; not continued",

    asking: "Reading the tries left…",
    askingWait: "While another program uses the key this waits; Esc goes back.",
    confirmLow: { left in
      (left.map { $0 == 1 ? "Only 1 try is left" : "Only \($0) tries are left" } ?? "The tries left are not known")
        + "; at none the key locks and the issuer has to unlock it. If unsure, press Esc."
    },
    confirmPrompt: "Confirm",
    confirmHint: "If sure of the PIN, type “continue” and press Enter; then enter the PINs.",
    wordDiffers: "That is not “continue”; not continued",
    lastTry: "Only the last try is left; one more wrong PIN locks the key. The window does not send the last one.",
    lastTrySure: "If sure of the PIN, quit and run in the shell:",
    lastTryUnsure:
      "If unsure do not try again; press F3 to have the key unlocked (hotline \(Authority.current.hotline)).",
    adminLastTryUnsure: "If unsure do not try again; ask the issuer (hotline \(Authority.current.hotline)).",

    oldHint: "The PIN used until now",
    againHint: "The new PIN once more, against slips",
    showPIN: "Show/hide PIN",
    startsAnew: "Typing begins it anew, Backspace empties it",
    navigationKey: "No character: for digits of the keypad turn NumLock on; Tab goes to the next field",
    noRoom: "Too long; further characters were not taken",
    wiped: "What was entered has been wiped; enter it again",
    strengthWeak: "weak",
    strengthFair: "fair",
    strengthStrong: "strong",
    isSame: "same",
    differs: "differs yet",
    acceptable: "good to use",
    complete: "Complete; Enter submits",
    willChange:
      "The old PIN is checked first, then the new one is set; a wrong old PIN costs a try. The old PIN ends at once; this cannot be undone.",
    weakTitle: "The new PIN is weak",
    weakAsk: "Enter uses it all the same, Esc goes back to change it.",

    sending: "Changing the PIN…",
    doNotRemove: "Do not remove the key. The command has left and cannot be undone; wait for the result.",
    usePad: {
      "The PIN is entered on the keypad of the key or reader, not here. Enter begins; then there are \($0) seconds."
    },
    padWaits: { "Enter the PIN on the keypad now: \($0) s left" },
    padCancel: "Cancel there too. Esc only leaves this screen: the outcome counts as unknown until it is told.",
    slow: {
      "No answer for \($0) seconds (another program may hold the key). Wait on, or leave with Esc: the outcome is then unknown."
    },
    interruptWarning: "The command has left; ending now leaves the result unknown. Ctrl-C again ends",
  )
}
