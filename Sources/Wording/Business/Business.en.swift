extension Business {
  /// English.
  func en(_ authority: Authority) -> BusinessPage {
    let online = "Open \(authority.hallName)"
    let here = "Or press Enter here, fill in, print the form, have it stamped and hand it in."
    let onKey =
      "Press Enter: a key that can be written from here makes its new pair and the files of the request, and takes the new certificate here when the answer comes; for others fill in, print, stamp and hand in the form."
    let papers =
      "the form twice, copies of the business licence and of the identity cards of legal representative and contact person, a letter of authority (all stamped)"
    let answer = "The authority tells you when it has looked at the papers; if it is urgent call \(authority.hotline)."
    let bids =
      "It makes a new encryption key: bids encrypted to the old certificate and not yet opened can never be opened afterwards. Have them opened first, or encrypt and upload them anew."
    switch self {
    case .unlock:
      return BusinessPage(
        title: "Unlock", lead: "The PIN is forgotten, or was wrong so often that it is locked.",
        parts: [
          .init("Prepare", "The key; " + papers),
          .init(
            "Online",
            online
              + ", choose 证书解锁, enter the certificate's serial number, hand in the papers; then set a new PIN with the key plugged in."
          ),
          .init(
            "Here",
            "Press Enter, fill in, print, stamp and hand in; when the answer (.ukresp) comes, import it here and set a PIN."
          ), .init("Takes", answer),
          .init("Costs", "The certificate stays: usually nothing; as the authority publishes."),
        ],
        warning: nil)
    case .renew:
      return BusinessPage(
        title: "Renew",
        lead:
          "The certificate ends soon or has just ended. Before the end is easiest; long after it only the counter may help.",
        parts: [
          .init("Prepare", "The key and its PIN; identity is checked online, or hand in " + papers),
          .init(
            "Online",
            online
              + ", choose 证书续期, enter the certificate's serial number, prove who you are, pay, and update the certificate with the key plugged in; do not pull it out. Several certificates one by one."
          ), .init("Here", onKey), .init("Takes", "Checked online: at once. With papers: " + answer),
          .init("Costs", "A fee a year, as the authority publishes."),
        ],
        warning: bids)
    case .reissue:
      return BusinessPage(
        title: "Replace",
        lead:
          "The key is damaged, cannot be read, or is lost. Lost: call \(authority.hotline) first to have the old certificate stopped.",
        parts: [
          .init("Prepare", papers + "; bring the damaged key"),
          .init("Online", online + ", choose 介质补办, hand in the papers, pay; the new key is collected or posted."),
          .init("Here", "While the old key can still be read: " + here),
          .init("Takes", answer + " Posted within \(authority.postDays) working days after that."),
          .init("Costs", "The new key, as the authority publishes."),
        ],
        warning:
          "The keys in the old U-Key cannot be copied out: bids encrypted with it and not yet opened can never be opened."
      )
    case .change:
      return BusinessPage(
        title: "Change", lead: "What the certificate says has changed: name, credit code and the like.",
        parts: [
          .init("Prepare", "The key and its PIN; " + papers + "; the registry's proof of the change"),
          .init(
            "Online",
            online
              + ", choose 证书变更, enter the certificate's serial number, hand in the papers; then update the certificate with the key plugged in."
          ), .init("Here", onKey), .init("Takes", answer), .init("Costs", "As the authority publishes."),
        ],
        warning: bids)
    case .handover:
      return BusinessPage(
        title: "Handover, invoice", lead: "How you get the key and the invoice when it is done.",
        parts: [
          .init("At the counter", "At once."),
          .init("Online", "By post, within \(authority.postDays) working days, to the address you gave."),
          .init(
            "Invoice",
            "Electronic, to the mobile (SMS) and the e-mail address you gave; look into spam and blocked messages too."),
          .init(
            "Not there?", "Call \(authority.hotline) with the name and credit code of the organisation; never the PIN."),
        ],
        warning: nil)
    }
  }
}
