internal import Failures
internal import RenewalKit

extension RenewalScreenWords {
  /// English.
  static let en = RenewalScreenWords(
    title: "New certificate",
    looking: "Looking at the key: does it take a new certificate, is one half done …",
    planTitle: "How it goes (stop when you like; F3 in the main window goes on):",
    plan: [
      "1 Fill in the request: contact person, mobile, reason.",
      "2 Enter the PIN; the key makes a new pair, and files are written.",
      "3 Print the form, have it stamped, hand it in with the files; then wait.",
      "4 With the answer press F3: compare old and new, write to the key, try it.",
      "5 Log in once with the new one; once all bids are open, remove the old.",
    ],
    oldStays: "Bids encrypted to the old certificate open with its key only. Both stay until you remove them yourself.",
    askFirst: {
      "Ask the authority first (\($0)) whether it takes such files; if not, w makes the request on paper."
    },
    room: { "\($0) bytes free, \($1) containers in use" },
    roomUnknown: { "\($0) containers in use; this kind of key does not tell its free space" },
    littleRoom: "It may have too little room; then it stops, and nothing is written.",
    noEncryptionPair: "This kind of key takes a new signature certificate only, none for encryption.",
    fillIn: "Fill in",
    paperOnly: "On paper",
    byPaper: { failure in
      let reason: String
      switch (failure.function, failure.context) {
      case _ where failure.code != .renewalNotOffered: reason = failure.line(.en)
      case ("PIV", _): reason = "that takes the issuer's management key and destroys the old pair"
      case ("GM/T 0017", _): reason = "nothing reliable is known on how this model is written"
      case (_, "serial"): reason = "its serial cannot be read"
      case (_, "CKA_ALWAYS_AUTHENTICATE"): reason = "it wants the PIN for each signature"
      case ("CKF_WRITE_PROTECTED", _): reason = "it is read-only"
      case (nil, nil): reason = "this kind is not supported"
      case (let function, let context):
        reason = "not supported: " + displaySafe([function, context].compactMap { $0 }.joined(separator: " "))
      }
      return "This key cannot be written from here (\(reason)); this is the request on paper."
    },
    afterForm: "Then the PIN is asked for and the key makes a new pair. The old certificate and keys stay.",
    besides: "Beside it: the order (.ukord) and the certificate request (.csr).",
    since: { "Order \($0) · begun \($1)" },
    milestone: { milestone in
      switch milestone {
      case .pair: "New key pair in the key"
      case .request: "Files of the request"
      case .answer: "Answer of the authority"
      case .encryptionPair: "Encryption pair imported"
      case .certificates: "New certificates written"
      case .check: "New certificate tried"
      case .removal: "Old certificate removed (all bids open)"
      }
    },
    done: "done",
    next: "next",
    toCome: "to come",
    goOn: { stage in
      switch stage {
      case .begun: "Enter goes on: the PIN, then the key makes its new pair."
      case .paired: "The pair is in the key and is not made again. Enter goes on: the PIN, then the files."
      case .requested: ""
      case .answered: "The answer is kept, you need not give it again. Enter goes on: the PIN, then what is missing."
      case .installed, .closed: ""
      }
    },
    enterGoesOn: { "\($0): Enter goes on" },
    newOrder: "Start over",
    startingOver: {
      """
      Another order. Order \($0) and its pair on the key stay: its answer is written by ukey renew apply --order \($0); \
      ukey renew forget --order \($0) puts it away.
      """
    },
    stopped: "It stopped on the way. The old certificate is as it was; what is done is not done again.",
    stoppedRemoving:
      "It stopped while removing: the old certificate may be gone or still there. The new one is as it was.",
    stoppedNext: "Plug the key in; Enter looks where it stopped and goes on.",
    look: "Look and go on",
    remedy: { failure in
      switch failure.code {
      case .answerOtherKey:
        "Is it the wrong file, or the answer for another company or key? If it is for this order, have it issued again."
      case .answerPair: "Have the authority send the whole answer again (both certificates and the encryption key)."
      case .answerUnreadable: "Is it the wrong file? If it is the answer, have it sent again."
      case .renewalPairGone:
        "Plug in the key of this order; if it is this one, F9 starts over. The old one is as it was."
      case .renewalReadBack: "Go on once more; if it stays, ask the maker. The old certificate is as it was."
      case .renewalOrder: "The record of this order is gone; F9 starts over. The old certificate is as it was."
      case .oldStillNeeded: "The old container holds another certificate by now; it was not removed."
      // What follows says it.
      case .cardRemoved: ""
      default: nil
      }
    },
    requestMade: "The new pair is in the key. The files to hand in:",
    file: { file in
      switch file {
      case .request: "Request"
      case .form: "Form (print, stamp)"
      case .order: "Order"
      case .csr: "PKCS#10"
      }
    },
    handIn: "Put the key away. Hand these in; they hold no PIN and no private key, mail is fine.",
    comeBack: "When the answer is there: key in, F3 in the main window, and name its file here.",
    answerFile: "The authority's answer (drop the file here, Tab completes)",
    readAnswer: "Read it",
    parts: { "\($0) read, a part is missing: name the next file" },
    reading: "Reading and checking the answer …",
    contents: {
      "In the answer: " + ($0 ? "signature and encryption certificate, encryption key" : "a signature certificate only")
    },
    none: "none",
    old: "old",
    new: "new",
    serial: "Serial",
    until: "Valid until",
    signsWith: "Algorithm",
    container: "Container",
    noDifferences: "Owner, code and issuer are those of the old one, and the chain is trusted.",
    agree: "All right",
    agreeAsk: "Check each. All right: y writes it (asks for the PIN). If not: Esc, nothing is written.",
    write: "Write",
    writeAsk: "Enter writes it (asks for the PIN).",
    addPart: "One more file",
    installed: "The new certificate is on the key, and its key has signed.",
    loginFirst: "1 Log in once with the new one now: Enter.",
    login: "Log in with it",
    removeLater: "2 Keep the old one until all bids encrypted to it are open; then d removes it.",
    remove: "Remove the old",
    removeTitle: "Remove the old certificate and its keys, for good:",
    removeAsk: "No bid is waiting to be opened, nothing else is encrypted to it? Then type: remove",
    removeWord: "remove",
    removeDiffers: "That is not “remove”; nothing was done. To remove it, type: remove",
    noOld: "There is no old certificate to remove",
    notRead: "The new certificate is still being read, wait a moment",
    closed: "The old certificate was removed. All done.",
    closedNext: "From now on the new one logs in, signs and encrypts.",
    willDo: { act in
      switch act {
      case .request: "The key then makes its new pair and signs the request; the old certificate stays."
      case .install: "The new certificate is written, read back and tried; the old one stays."
      case .remove: "The new certificate is tried, then the old one and its keys are removed, for good."
      }
    },
    begin: "Begin",
    ready: "Enter begins",
    doNotRemove: "Leave the key in. If power fails or it is pulled out, F3 goes on next time.",
    interruptWarning: "The key is being written; ending now stops half-way, F3 goes on next time. Ctrl-C again ends",
    told: { stage in
      switch stage {
      case .begun, .paired: "The new certificate is half done; F3 goes on"
      case .requested: "The new pair is made, the files are written"
      case .answered: "The new certificate is not all written; F3 goes on"
      case .installed: "The new certificate is written and has been tried"
      case .closed: "The old certificate was removed"
      }
    },
    inList: "Renewal",
    standing: { stage, date in
      switch stage {
      case .begun, .paired: "nothing requested yet, since \(date)"
      case .requested: "waits for the answer, since \(date)"
      case .answered: "not all written, since \(date)"
      case .installed: "new one written, old one still there, since \(date)"
      case .closed: ""
      }
    },
    note: { stage in
      switch stage {
      case .begun, .paired: "Renewal: no request"
      case .requested: "Renewal: waiting"
      case .answered: "Renewal: unfinished"
      case .installed: "Renewed: old is here"
      case .closed: ""
      }
    },
    advice: { owner, stage in
      switch stage {
      case .begun, .paired: "\(owner): renewal half done, nothing requested yet; go on with F3"
      case .requested: "\(owner): waits for the authority's answer; write it with F3"
      case .answered: "\(owner): the new certificate is not all written; go on with F3"
      case .installed: "\(owner): renewed; F3 logs in with it, and removes the old when bids are open"
      case .closed: ""
      }
    })
}
