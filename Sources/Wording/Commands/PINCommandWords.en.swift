extension PINCommandWords {
  /// English.
  static let en = PINCommandWords(
    willHappen:
      "The old PIN is checked first, then the new one is set; a wrong PIN costs a try. The old PIN ends at once; this cannot be undone.",
    profileNote: { "Profile \($0): \($1)" },
    profileConfirm:
      "PIN commands will follow the profile you named; a wrong profile costs tries and may lock the key. Type “continue”: ",
    weakConfirm: "To use this PIN all the same, type “continue”: ",
    waiting: "Waiting for the key; if it has a button or a screen, confirm there.",
    mayLeave: "Still no answer. Ctrl-C ends the wait; it is then not known what became of the PIN.",
    atPad: {
      "Enter the PIN on the keypad of the key or its reader, not here; it waits for up to \($0) s. Cancel there too."
    },
    asArgument: """
      Unexpected argument, not repeated here. A PIN is never read from the arguments: run the command and type it when asked; \
      scripts name a descriptor with --pin-fd. If it was a PIN, it stands in the shell's history now: remove it (history -d LINE) \
      and change the PIN if others can read it.
      """)
}
