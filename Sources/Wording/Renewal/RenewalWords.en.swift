internal import Base
internal import Failures
internal import RenewalKit
internal import TokenKit

extension RenewalWords {
  /// English.
  static let en = RenewalWords(
    plan: """
      A new container and a key pair will be made on the key. The old certificate and its keys stay as they are and work until \
      you remove them yourself.
      """,
    basis: { basis in
      switch basis {
      case .library(let interface, let name): "Written by the library \(displaySafe(name)) (\(interface))"
      case .published(let profile):
        "How it is written rests on published facts (profile \(profile)); not tried on hardware"
      }
    },
    resumed: { "Going on with order \($0)" },
    step: { step in
      switch step {
      case .container: "Looking at the container"
      case .pair: "Making the key pair (in the key; may take a while)"
      case .request: "Signing the request"
      case .encryptionPair: "Importing the encryption pair"
      case .signatureCertificate: "Writing the signature certificate"
      case .encryptionCertificate: "Writing the encryption certificate"
      case .check: "Trying the new certificate"
      case .removal: "Removing the old container"
      }
    },
    stage: { stage in
      switch stage {
      case .begun: "begun; there is no key pair on the key yet"
      case .paired: "the key pair is made, the request not written"
      case .requested: "requested; waiting for the authority's answer"
      case .answered: "answered, not yet all written"
      case .installed: "the new certificate is written and has been tried; the old one is still there"
      case .closed: "done; the old certificate was removed"
      }
    },
    orderWritten: { "Order written to \($0)" },
    csrWritten: { "Certificate request (PKCS#10) written to \($0)" },
    sendOrder: { "Give request and order to the authority. With its answer: ukey renew apply ANSWER (order \($0))" },
    interrupted: """
      It stopped on the way. The old certificate is as it was; plug the key in and run ukey renew resume, which goes on where \
      it stopped.
      """,
    interruptedRemoving: """
      It stopped while removing: the old container may be gone or still there; the new certificate is as it was. Plug the key \
      in and run ukey renew remove-old once more, which looks first and goes on.
      """,
    requestOnly: {
      "The request is written; on the key it is not finished, and the old certificate is as it was. \($0)"
    },
    differencesTitle: "Look at these of the new certificate:",
    difference: { difference in
      switch difference {
      case .owner(let old, let new): "Owner: old \(displaySafe(old)), new \(displaySafe(new))"
      case .uscc(let old, let new):
        "Social credit code: old \(displaySafe(old ?? "none")), new \(displaySafe(new ?? "none"))"
      case .issuer(let old, let new): "Issuer: old \(displaySafe(old)), new \(displaySafe(new))"
      case .chain(let verdict): "Chain: " + Words[.en].chain(verdict)
      case .notLonger(let old, let new): "It ends no later: old \(LocalTime.date(old)), new \(LocalTime.date(new))"
      case .noEncryptionPair:
        "No encryption certificate and key in the answer: the new one signs and logs in, nothing can be encrypted to it"
      }
    },
    confirmDifferences: "Is that right, and is it to be written? [y/N] ",
    confirmApply: "Write the new certificate to the key? [y/N] ",
    installed: { "The new certificate is in container \($0), and its key has signed" },
    pairProved: "The encryption pair was tried: it opens what is encrypted to the new certificate",
    pairNotTried: "The encryption pair is written, but this kind of key has no way to try it",
    loginOnce: { container, order in
      """
      Log in once with the new one: ukey login-test --container \(container). Bids encrypted to the old certificate need the \
      old one; when all are opened: ukey renew remove-old --order \(order)
      """
    },
    removeWarning:
      "Once the old certificate is removed, nobody can ever open what was encrypted to it, bids among them.",
    nothingRemoved: "Nothing was removed",
    removed: { "The old container \($0) was removed" },
    noOrders: "No renewal, change or replacement is under way",
    next: { stage, order in
      switch stage {
      case .begun, .paired: "To go on: ukey renew resume --order \(order)"
      case .requested: "With the answer: ukey renew apply ANSWER --order \(order)"
      case .answered: "To go on writing: ukey renew resume --order \(order)"
      case .installed: "When all bids are opened: ukey renew remove-old --order \(order)"
      case .closed: ""
      }
    },
    order: "Order",
    orderCheckCode: "Check code of the order",
    key: "Key",
    privateAuthority: "私有CA/测试 (private CA, test): valid only where this authority is trusted.",
    confirmIssue: "Is that right, and is it to be issued? [y/N] ",
    issued: { "Answer written to \($0)" },
    issuedBefore: "This order was answered before; it is the same answer",
    authorityMade: { "Private authority made: \($0)" },
    statementSigned: "Statement signed by the old certificate: right",
    doubt: { doubt in
      switch doubt {
      case .chain(let verdict): "Chain of the old certificate: " + Words[.en].chain(verdict)
      case .expired(let end): "The old certificate ended on \(LocalTime.date(end))"
      case .notYetValid(let begin): "The old certificate begins only on \(LocalTime.date(begin))"
      case .revoked(let since):
        "The old certificate was revoked" + (since.map { " on \(LocalTime.date($0))" } ?? "")
          + ": who has the key may not be whose it was"
      case .noStatement(let name):
        """
        No statement of an old certificate (replacement): make sure in another way who asks. Name asked for: \
        \(displaySafe(name))
        """
      case .otherName(let name):
        "Another name is asked for than the old certificate has; compare it with the papers: \(displaySafe(name))"
      }
    },
    overruled: "Not verified; going on as --accept-unverified says, and the record will say so",
    passphrase: "Passphrase of the authority's key:",
    newPassphrase: "A passphrase for the authority's key (8 characters or more):",
    passphraseAgain: "Once more:",
    passphrasesDiffer: "The two differ; once again",
    keyNotSealed: {
      """
      \($0)/authority.key has no passphrase: whoever gets the file can issue. Put it under one: openssl pkcs8 -topk8 -scrypt \
      -in authority.key -out NEW, and then NEW in its place
      """
    },
    confirmForget: { "Not go on with order \($0)? Nothing changes on the key. [y/N] " },
    forgotten: {
      "Order \($0) is not gone on with. Container \($1) on the key, if it was made, is still there and as it was"
    })
}
