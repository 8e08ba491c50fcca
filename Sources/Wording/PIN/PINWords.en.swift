extension PINWords {
  /// English.
  static let en = PINWords(
    title: "Change PIN",
    adminTitle: "Change administrator PIN",
    pin: "PIN",
    old: { "Old \($0)" },
    new: { "New \($0)" },
    again: { "New \($0) again" },
    adminPIN: "Administrator PIN",
    puk: "PUK",

    triesLeft: { left, max in
      guard let left else { return "the key does not say how many tries are left" }
      return max.map { English.triesLeft(left, of: $0) } ?? English.triesLeft(left)
    },
    confirmLow: { left in
      let count = left.map { $0 == 1 ? "Only 1 try is left" : "Only \($0) tries are left" }
      return (count ?? "The tries left are not known")
        + "; at none the key locks. If sure of the PIN, type “continue”: "
    },
    confirmWord: "continue",
    adminWord: "administrator",
    yes: ["y", "yes"],
    lastTryRefused:
      "If sure: --low-tries for three or fewer, --last-try for the last one. If not: stop, and have the key unlocked (F3, hotline \(Authority.current.hotline)).",
    lastAdminTryRefused:
      "If sure: --low-tries for three or fewer, --last-try for the last one. If not: stop; without it a locked key has to be issued anew (hotline \(Authority.current.hotline)).",
    policy: { "\($0) to \($1) letters, digits and signs" },
    cancelled: "Cancelled; nothing was sent",

    rule: { rule in
      switch rule {
      case .empty: "no PIN was entered"
      case .tooShort(let minimum): "too short, at least \(minimum) characters"
      case .tooLong(let maximum): "too long, at most \(maximum) characters"
      case .notASCII: "it has characters other than letters, digits and signs; turn the input method off"
      case .fullWidth: "it has full-width characters; switch to half width and enter it again"
      case .repeatDiffers: "the two new PINs differ"
      case .sameAsOld: "the new PIN is the old one"
      case .wellKnown: "it is a well-known default and easily guessed"
      case .allAlike: "all its characters are alike; easily guessed"
      case .run: "it is a run of characters; easily guessed"
      case .partOfIdentity: "it is part of the credit code or the key's serial; easily guessed"
      case .notDigits: "PINs of this kind of key are digits by its standard; it may refuse other characters"
      }
    },

    named: { pin in
      switch pin {
      case .user: "PIN"
      case .admin: "administrator PIN"
      case .puk: "PUK"
      }
    },
    verified: { "The \($0) is right" },
    changed: { "The \($0) was changed" },
    changedNext: "Keep the new PIN in mind; use it for the next login.",
    adminChangedNext:
      "The user PIN is as before. Unlocking is done with this one: give it to the issuer, or unlocking from afar will fail and use its tries.",
    unblocked: "The key is unlocked and the PIN set anew",
    unblockedNext: "Change the temporary PIN to one of your own now.",
    wrong: { pin, left in "Wrong \(pin)" + (left.map { ", " + English.triesLeft($0) } ?? "") },
    wrongNext: "Check capital letters and NumLock, turn the input method off. The tries do not come back overnight.",
    adminWrongNext:
      "Make sure that it is this key's and do not guess: its tries do not come back overnight, and without it a locked key has to be issued anew.",
    locked: { "The \($0) is locked" },
    lockedNext:
      "Do not try again. Have the key unlocked: F3 (ukey unlock request), hotline \(Authority.current.hotline).",
    pukLockedNext:
      "It does not come back by itself. The user PIN is as before; if that is locked too, the key has to be issued anew: hotline \(Authority.current.hotline).",
    unlockByPUK:
      "Do not try again. Whoever keeps the PUK sets a new PIN with it: ukey unlock admin; else hotline \(Authority.current.hotline).",
    unlockByAdmin:
      "Do not try again. Whoever keeps the administrator PIN sets a new PIN with it: ukey unlock admin; else the hotline \(Authority.current.hotline).",
    notSent: "Not sent: ",
    notSentNext: "No try was used; change it and enter it again.",
    tooFewTries: { left in
      left.map { "only " + English.triesLeft($0) }
        ?? "the key does not say how many tries are left"
    },
    noProfile: "no profile for PIN commands fits this key",
    noProfileNext:
      "Use the maker's SKF library (--provider skf:PATH) or send a request; at your own risk name a profile with --profile.",
    otherKey: "the key in the reader is not the one shown",
    otherKeyNext: "Make sure the key shown is plugged in, read it again, then repeat.",
    refused: { "The key refused; the \($0) is unchanged · \($1)" },
    refusedNext: { "The old \($0) is still valid. Choose a new one that this key takes." },
    refusedEntered:
      "The key takes no PIN of this form, so what was entered is not its PIN. Check its length, NumLock and the input method.",
    refusedExpired: "The PIN is right and has expired: change it first (F2, ukey pin change).",
    refusedNotSet: "This key has no PIN yet: it is set with the administrator PIN (ukey unlock admin).",
    refusedAgain: "No try was used. Plug the key in again and repeat; if it stays, give the number to support.",
    unknownVerify: "Outcome unknown: the PIN left, no answer came",
    unknownVerifyNext:
      "The PIN is unchanged; if it was wrong, a try may be used. Plug the key in again and look at the tries left first.",
    unknownChange: "Outcome unknown: the change left, no answer came",
    unknownChangeNext:
      "Either PIN may be valid. Plug the key in again, try the new PIN first, then the old one; a wrong one costs a try. Nothing is tried by itself.",
    unknownUnblock: "Outcome unknown: the unlocking left, no answer came",
    unknownUnblockNext:
      "Plug the key in again and look at the PIN: still locked means not unlocked; tries restored means the temporary PIN is valid. Nothing is tried by itself.",
    unknownLeft:
      " The wait was ended here. A keypad may go on asking until its own time is over: cancel it there; what is entered still may count.",
    unknownAnswer: "Outcome unknown: the command left, and the answer does not tell what came of it")
}
