import UnlockKit

extension UnlockWords {
  /// English.
  static let en = UnlockWords(
    title: "Request",
    kind: {
      switch $0 {
      case .unlock: "Unlock"
      case .renew: "Renewal"
      case .reissue: "Replacement"
      case .change: "Change"
      }
    },
    keySerial: "Key serial",
    owner: "Owner",
    uscc: "Credit code",
    application: "Application",
    userPIN: "User PIN",
    adminPIN: "Admin PIN",
    tries: { tries in
      if tries.isLocked { return "locked" }
      guard let left = tries.left else { return "tries left not known" }
      return tries.maximum.map { English.triesLeft(left, of: $0) } ?? English.triesLeft(left)
    },
    checkCode: "Check code",
    otherName: "Give it another name and submit again.",
    name: "Name",
    mobile: "Mobile",
    reason: { $0 == .change ? "What changes" : "Reason" },
    certificate: "Certificate",
    delivery: "Delivery",
    deliveryName: { $0 == .collect ? "collect" : "by post" },
    address: "Address",
    kindTitle: "Request",
    remember: "Remember me",
    problem: { problem, kind in
      let field =
        switch problem.field {
        case .name: "Name"
        case .mobile: "Mobile"
        case .reason: kind == .change ? "What changes" : "Reason"
        case .address: "Address"
        case .uscc: "Credit code"
        }
      switch problem.issue {
      case .missing: return field + ": required"
      case .tooLong(let maximum): return field + ": at most \(maximum) characters"
      case .invisibleCharacters: return field + ": has invisible characters, enter it again"
      case .notMobile: return field + ": a mobile number has 11 digits"
      case .usccCheck: return field + ": the check digit is wrong, please compare (early pilot codes excepted)"
      case .usccShape: return field + ": not an 18-character credit code, please compare"
      case .usccDiffers: return field + ": differs from the certificate's, please compare"
      }
    },
    keyWarning:
      "Renewal, change and replacement bring a new encryption key: bids made with the old one can no longer be opened. Finish open bids first, or upload them anew.",
    willWrite: { "This will be written to \($0) (readable by you only; no PIN)." },
    written: { "Request written to \($0)" },
    formWritten: { "Form written to \($0); print, sign and stamp it" },
    compact: "Request on one line",
    keepInserted: "Do not take the key out, and leave this window open.",
    invalidates:
      "Taking the key out, loss of power, ending this program, other programs using the key, or a new challenge end this one.",
    challengeEnded:
      "The key was taken out or reset, which ends the challenge; the request still waits: make another challenge.",
    notRemote:
      "This key cannot be unlocked by file: give the form to the certificate authority and bring the key; at the desk ukey unlock admin does it.",
    putAway:
      "The key may be put away now. When the certificate authority is ready plug it in and run ukey unlock challenge (F3 in the window); the rest takes at most 15 minutes.",
    certificateSerial: "Certificate serial",
    usccGiven: "Credit code given",
    challengeLine: "The challenge, for the desk (the whole line; as a code to scan, or as a file):",
    challengeUntil: { "Good until \($0); after that make another one." },
    signedBy: { "The response is signed by the desk “\($0)”" },
    willApply: { serial, left in
      "One unlock command will be sent to key \(serial); the user PIN becomes the temporary PIN. A response that does not fit costs an administrator try"
        + (left.map { " (\($0) left)." } ?? ".")
    },
    askOwnPIN:
      "One command goes to the key: it is unlocked and gets this new PIN, which nobody else knows. A response that does not fit costs an administrator try.",
    ownPINHint: "Choose a new PIN of your own",
    finishLater: "The key has a temporary PIN: ukey unlock apply RESPONSE --finish changes it to your own.",
    adminLocked:
      "The administrator PIN (PUK) is locked; the key cannot be unlocked here: ask for a replacement, hotline \(Authority.current.hotline).",
    responseWrong: { left in
      "The response does not fit the key; not unlocked"
        + (left.map { "; \($0) administrator tries left" } ?? "")
    },
    responseWrongNext:
      "Most likely the administrator PIN of this key was changed, or it is the answer to another challenge. Do not repeat it (each time uses an administrator try): have the issuer look into it, hotline \(Authority.current.hotline).",
    file: "Request file",
    responseFile: "When it has come: path of the .ukresp file, or its line, Enter:",
    choiceHint: "Tab ↑↓ moves, ←→ chooses; Enter shows all before it is written. No PIN is needed.",
    leaveWarning: "Leaving ends the challenge (not the request); press Esc once more to leave",
    making: "Reading the key and writing the request …",
    challenging: "Asking the key for its challenge …",
    checking: "Checking the response …",
    isWaiting: { "The unlock request of \($0) waits for its desk." },
    enterForChallenge: "When the certificate authority is ready, Enter makes the challenge (good for 15 minutes).",
    completePath: "Complete",
    useOtherName: "Other name",
    takenAsk: { free in
      (free.map { "Enter writes \($0) instead; " } ?? "Enter asks for another name; ")
        + "y overwrites what is there (for good); Esc goes back."
    },
    openForm: "Open the form",
    printForm: "Print the form",
    noForm: "the form was written earlier: look in its folder",
    cannotOpen: "there is no desktop here: open the form on a computer with a browser",
    cannotPrint: "no program here prints it: open it with o and print there, or on another computer",
    opened: "Given to the desktop",
    printed: "Given to the printer",
    notOpened: "It could not be opened; open the form in a file manager",
    notPrinted: "It could not be printed; open it with o and print from the browser",
    sendTo: {
      "Print the form, sign and stamp it, send it with the request to \($0.hallName); questions: \($0.hotline)."
    },
    noticed: { "A response came: \($0)" },
    noticedLook: "The response is here: look at it and press Enter.",
    doneElsewhere: "This unlocking was done in another window; the key is being read again.",
    remoteWarning: "You are logged in over ssh: a lost connection ends the challenge; use tmux or screen.",
    applying: "Working; do not take the key out …",
    enterToWrite: "Enter writes it, Esc goes back",
    handIn: "Sign and stamp the form and hand it in at the certificate authority.",
    reasonLocked: "PIN locked",
    reasonForgotten: "PIN forgotten",
    reasonExpiring: "certificate about to expire",
    reasonExpired: "certificate expired",
    reasonDamaged: "key damaged",
    noApplication: "there is no application on the key",
    no: "no",
    yesWord: "yes")
}
