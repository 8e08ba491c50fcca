extension Question {
  /// English.
  func en(_ authority: Authority) -> AnswerWords {
    switch self {
    case .loginSilent:
      AnswerWords(
        "The login button does nothing",
        [
          "First see whether the certificate shows here: if not, F4 (diagnosis) and 2; if so, F4 and 1, which looks at each link and names the broken one.",
          "Usual causes: the key service is not started (F7 starts it); the browser does not let the page speak to this computer; another program holds the key; several keys are plugged in; the certificate has expired or the PIN is locked.",
          "All well here and the page still silent: F5 tries a login; if the key signs, the trouble is with the page or the browser.",
          "Still nothing: pull the key out and put it in again, restart the computer; then call \(authority.hotline) and read out the first line of F4.",
        ])
    case .business:
      AnswerWords(
        "How to renew, replace, change, unlock",
        [
          "F3: choose one and see what to prepare, where to go, how long it takes and what it costs you; or online: \(authority.hallName).",
          "Renew: the certificate ends soon. Replace: the key is damaged or lost. Change: the organisation's name or the like has changed. Unlock: the PIN is forgotten or locked.",
          "Renewal, replacement and change make a new encryption key: have open bids opened first.",
        ])
    case .changePIN:
      AnswerWords(
        "How to change the PIN",
        [
          "Select the key and press F2: the old PIN, the new one twice, Enter.",
          "Letters, digits and signs of the keyboard, as a rule 6 to 16. No birthday, telephone number, credit code or 123456.",
          "Change an initial PIN at once. Tell your PIN to nobody; support will not ask for it.",
        ])
    case .wrongPIN:
      AnswerWords(
        "What a wrong PIN does, and how many tries are left",
        [
          "Each wrong one costs a try; with none left the key is locked. Most keys have 10. They do not come back overnight.",
          "Whether a right one starts the count anew depends on the model; what the screen shows was read from the key and is what counts.",
          "Not sure? Do not try on: F3 asks for unlocking, also before the key is locked.",
        ])
    case .locked:
      AnswerWords(
        "The PIN is forgotten or locked",
        [
          "Do not try again. F3, then “Unlock”; or online: \(authority.hallName) (证书解锁).",
          "Unlocking changes no certificate; what was encrypted to it can still be opened.",
          "Change the temporary PIN to your own at once. If the administrator PIN (PUK) is locked too, only a replacement helps.",
        ])
    case .handover:
      AnswerWords(
        "How the key is handed over",
        [
          "At the counter: at once. Asked for online: by post within \(authority.postDays) working days, to the address you gave.",
          "Plug it in and look: owner, credit code and validity must be right; then change the initial PIN with F2.",
          "Not there? Call \(authority.hotline) with name and credit code of the organisation.",
        ])
    case .invoice:
      AnswerWords(
        "How to get the invoice",
        [
          "It is electronic and goes to the mobile (SMS) and the e-mail address you gave.",
          "Not there? Look into spam and blocked messages, then call \(authority.hotline).",
        ])
    case .adminPIN:
      AnswerWords(
        "What the administrator PIN (PUK) is",
        [
          "The certificate authority keeps it, for unlocking. It is not your PIN: do not change it, do not try it; wrong tries make the key fit for replacement only.",
          "If somebody asks you to enter it, call \(authority.hotline) first.",
        ])
    case .hotline:
      AnswerWords(
        "Whom to call",
        [
          "\(authority.englishName): \(authority.hotline), site \(authority.siteName), online business \(authority.hallName).",
          "You may tell: name and credit code of the organisation, serial numbers of key and certificate, the UK- codes on the screen.",
          "Never tell: your PIN. Nobody should ask for it.",
        ])
    }
  }
}
