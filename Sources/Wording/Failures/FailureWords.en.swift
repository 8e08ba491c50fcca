import Failures

extension FailureCode {
  /// English. Complete by construction: a code without words does not compile.
  var wordsEN: FailureWords {
    switch self {
    case .serviceUnavailable:
      FailureWords(
        title: "The reader service is not running",
        remedy: """
          Start it: sudo systemctl enable --now pcscd.socket (without systemd: sudo pcscd). Not installed: sudo \
          apt install pcscd (other systems: ukey doctor names the command). An open window then goes on by itself.
          """)
    case .serviceDenied:
      FailureWords(
        title: "The reader service refused this session",
        remedy: """
          Use a local desktop session; over ssh ask the administrator to allow org.debian.pcsc-lite.access_pcsc \
          and access_card in polkit.
          """)
    case .serviceLost:
      FailureWords(
        title: "The reader service went away",
        remedy: """
          Wait some seconds and try again; an open window goes on by itself. If the service does not come back: sudo systemctl restart \
          pcscd.socket (without systemd: sudo pcscd).
          """)
    case .serviceMismatch:
      FailureWords(
        title: "The reader service and its client library differ in version",
        remedy: """
          Update pcscd and libpcsclite1 to the same version and restart the service; an old library bundled \
          in a Flatpak, snap or container is a common reason.
          """)
    case .noReader:
      FailureWords(
        title: "No reader or U-Key is attached",
        remedy: """
          Plug the U-Key into a USB port, better without a hub. If it is plugged in and not seen, run ukey \
          doctor to check the driver.
          """)
    case .readerUnknown:
      FailureWords(
        title: "There is no reader of this name",
        remedy: "See the names with ukey status and give one, or a part of it, with --reader.")
    case .readerLost:
      FailureWords(
        title: "The reader was unplugged during use",
        remedy: "Plug the U-Key in again and leave it until reading has finished.")
    case .severalKeys:
      FailureWords(
        title: "Several keys are plugged in; which one is meant is not clear",
        remedy:
          "Leave one key plugged in; or give the end of its serial number with --key, or a part of its reader's name with --reader (see ukey list)."
      )
    case .keyUnknown:
      FailureWords(
        title: "No key with this serial number or name is plugged in",
        remedy:
          "See the keys that are plugged in with ukey list; --key takes a serial number, its end, or a name given with ukey name."
      )
    case .choiceAmbiguous:
      FailureWords(
        title: "Several keys or readers fit; which one is meant is not clear",
        remedy: "Give more of the serial number, or the whole name of the reader (see ukey status).")
    case .noCard:
      FailureWords(
        title: "There is no key in the reader",
        remedy: "Push the card or U-Key in fully, chip the right way round.")
    case .cardMute:
      FailureWords(
        title: "The key does not answer",
        remedy: """
          Unplug, wait 5 seconds, plug in again; try another USB port. If it stays mute it may be broken: \
          ask the certificate authority for a replacement.
          """)
    case .cardRemoved:
      FailureWords(
        title: "The key was taken out during use",
        remedy: "Plug the key in again. If a PIN was being changed, look at the tries left first and follow the screen."
      )
    case .cardReset:
      FailureWords(
        title: "Another program reset the key",
        remedy:
          "Read it again (r in the window); close other programs that use the key (browser helpers, other key managers)."
      )
    case .cardBusy:
      FailureWords(
        title: "Another program is using the key",
        remedy: """
          Key and reader are well: leave the key plugged in. Close the program that uses it (browser, bidding client, \
          another key manager, scdaemon of gpg), then try again (r in the window). This tool does not end other programs.
          """)
    case .cardCommunication:
      FailureWords(
        title: "Communication with the key failed",
        remedy: """
          Unplug and plug in again without a USB hub; if it stays, try another computer to tell the key from \
          the port.
          """)
    case .cardTimeout:
      FailureWords(
        title: "The key took too long to answer",
        remedy: "Unplug, plug in again and retry; repeated timeouts mean a fault of key or reader.")
    case .cardService:
      FailureWords(
        title: "The reader service reported another error",
        remedy: "Try again (r in the window); if it stays, run ukey doctor and give the code and number to support.")
    case .tokenUnknown:
      FailureWords(
        title: "This kind of key is not known",
        remedy: """
          If the certificate authority supplies an SKF or PKCS#11 library, name it with --provider skf:PATH or \
          pkcs11:PATH; otherwise tell support the ATR shown here.
          """)
    case .commandRefused:
      FailureWords(
        title: "The key refused a command",
        remedy: "Unplug, plug in again and retry; if it stays, give the status word (SW) to support.")
    case .answerMalformed:
      FailureWords(
        title: "The key's answer breaks its format",
        remedy: """
          Unplug, plug in again and retry; if it repeats, the key may be damaged or not compatible: ask the \
          certificate authority.
          """)
    case .answerTooLong:
      FailureWords(
        title: "The key's answer exceeds the limit",
        remedy: "Unplug, plug in again and retry; if it repeats, stop using the key and ask the certificate authority.")
    case .tokenForeign:
      FailureWords(
        title: "A card of another kind, which this tool does not read itself",
        remedy: """
          Name the module that reads it with --provider pkcs11:PATH (OpenSC: opensc-pkcs11.so), or plug in the U-Key that \
          holds the certificate.
          """)
    case .applicationMissing:
      FailureWords(
        title: "There is no application on the key",
        remedy: "The key may not be issued yet, or was initialised: ask the certificate authority.")
    case .containerMissing:
      FailureWords(
        title: "There is no container on the key",
        remedy: "No certificate has been installed yet: follow the certificate authority's guide, or ask them.")
    case .tokenNotInitialized:
      FailureWords(
        title: "The token has not been initialised",
        remedy:
          "It has no PIN and no certificate yet: the certificate authority or the maker's tool initialises it (SoftHSM: softhsm2-util --init-token)."
      )
    case .privateKeyMissing:
      FailureWords(
        title: "The certificate's private key is not on the key",
        remedy: """
          Plugging in again does not help: the certificate alone cannot log in. Use the key with which it was applied for, \
          or have it reissued.
          """)
    case .notSupported:
      FailureWords(
        title: "The key does not offer this function",
        remedy: """
          Use the vendor's library (--provider skf:PATH), or make a request with ukey unlock request for the \
          certificate authority.
          """)
    case .keyKindUnusable:
      FailureWords(
        title: "This tool does not know how such a key signs",
        remedy: """
          That says nothing against the key: no PIN was asked for. Test another certificate on it (--container), or use a \
          library that knows it (--provider pkcs11:PATH or skf:PATH).
          """)
    case .libraryNotLoaded:
      FailureWords(
        title: "The vendor's library cannot be loaded",
        remedy: "Check the path and the packages that the library needs: ukey provider test PATH shows what is missing."
      )
    case .libraryNotELF:
      FailureWords(
        title: "This file is no library for Linux",
        remedy:
          "Name the maker's file for Linux (it ends in .so); a Windows DLL, a package or a text file cannot be used.")
    case .libraryArchitecture:
      FailureWords(
        title: "The vendor's library is for another kind of machine",
        remedy:
          "Install the maker's package for this machine (uname -m); a Windows DLL or a 32-bit library cannot be used.")
    case .libraryEnded:
      FailureWords(
        title: "The vendor's library crashed",
        remedy:
          "This tool goes on and starts the library again by itself: try again (r in the window). If it repeats, ask the maker for a newer version."
      )
    case .libraryTimeout:
      FailureWords(
        title: "The vendor's library did not answer and was ended",
        remedy:
          "It is started again by itself: unplug the key, plug it in and try again (r in the window). Close other programs that use the key."
      )
    case .libraryRefused:
      FailureWords(
        title: "The vendor's library reported an error",
        remedy: "Unplug, plug in again and retry; if it stays, give the number (SAR or CKR) to the maker or support.")
    case .libraryMissing:
      FailureWords(
        title: "The U-Key is plugged in, but its maker's library is not on this machine",
        remedy: """
          Install the Linux driver package from the certificate authority (the file it must bring is named here); \
          ukey provider list shows whether it is found.
          """)
    case .libraryUnknown:
      FailureWords(
        title: "The U-Key is plugged in, but no Linux library is known for it",
        remedy: "Ask the certificate authority for a Linux driver, then name it with --provider skf:PATH.")
    case .libraryNotReady:
      FailureWords(
        title: "The vendor's library was loaded but cannot begin its work",
        remedy:
          "Look at its number and what it printed: mostly a daemon of its own is not running, or its settings are missing. Give both to the maker or support."
      )
    case .certificateMissing:
      FailureWords(
        title: "There is no certificate on the key",
        remedy: """
          Install the certificate by the certificate authority's guide; for a new key make sure that its issue \
          has been completed.
          """)
    case .certificateMalformed:
      FailureWords(
        title: "The certificate cannot be read",
        remedy: """
          Read it again (r in the window); if it stays, the certificate may be incomplete: ask the certificate authority \
          to install it again.
          """)
    case .certificateTooLarge:
      FailureWords(
        title: "The certificate exceeds 64 KiB",
        remedy: "A normal certificate has a few KiB: ask the certificate authority to check the key.")
    case .certificateCompression:
      FailureWords(
        title: "The compressed certificate cannot be expanded",
        remedy: "Read it again (r in the window); if it stays, have the issuer write the certificate again.")
    case .certificateUnmatched:
      FailureWords(
        title: "No certificate on the key is the one asked for",
        remedy: "See containers and serial numbers with ukey cert list, then choose by --container, --role or --serial."
      )
    case .certificateSum:
      FailureWords(
        title: "The key shows more certificates than a key has; the rest was not read",
        remedy: "A real key has a few: take another key, or ask who issued it what this one is.")
    case .certificatesPrivate:
      FailureWords(
        title: "No certificate is to be seen without the PIN",
        remedy:
          "There may be none, or it is shown after a login only: look with the maker's tool after entering the PIN there, or ask the certificate authority."
      )
    case .certificateAmbiguous:
      FailureWords(
        title: "Several certificates fit what was asked for",
        remedy: "Name the one that is meant with --serial (ukey cert list shows them).")
    case .trustDirectory:
      FailureWords(
        title: "A CA certificate of the trust directory cannot be read",
        remedy: "See that the file is a CA certificate in PEM or DER and that you may read it.")
    case .pinWrong:
      FailureWords(
        title: "The PIN is wrong",
        remedy: """
          Check capital letters and NumLock, turn the input method off, then try again; the tries left \
          are shown, and at none the key locks.
          """)
    case .pinLocked:
      FailureWords(
        title: "The PIN is locked",
        remedy: """
          Do not try again. Make an unlock request (F3 or ukey unlock request) to the certificate authority, \
          hotline \(Authority.current.hotline).
          """)
    case .pinRule:
      FailureWords(
        title: "The PIN breaks a rule; it was not sent",
        remedy: "Change it as told and enter it again; no try was used.")
    case .pinTries:
      FailureWords(
        title: "Too few tries left; nothing was sent",
        remedy: """
          Go on only if sure of the PIN: --low-tries for three or fewer, --last-try for the last one. \
          If in doubt, have the key unlocked.
          """)
    case .profileUnconfirmed:
      FailureWords(
        title: "The named profile was not confirmed; nothing was sent",
        remedy: "A wrong profile costs tries and may lock the key. If sure that it fits: add --low-tries.")
    case .pinProfile:
      FailureWords(
        title: "No profile for PIN commands fits this key; nothing was sent",
        remedy: "This key can only be read here. Use the maker's SKF library (--provider skf:PATH) or send a request.")
    case .keyChanged:
      FailureWords(
        title: "Another key is in the reader; nothing was sent",
        remedy: "Make sure the key shown is the one plugged in, read it again (r in the window), then repeat.")
    case .pinRefused:
      FailureWords(
        title: "The key refused the new PIN",
        remedy: "The old PIN is still valid. Choose another new PIN that the key takes (length, characters).")
    case .pinUnknown:
      FailureWords(
        title: "Outcome unknown: the command left, no answer came",
        remedy: """
          Do not keep trying. Plug the key in again, try the new PIN first, then the old one; each wrong \
          one costs a try.
          """)
    case .pinNotGiven:
      FailureWords(
        title: "No PIN or passphrase was given",
        remedy: """
          Run it in a terminal, or name a file descriptor with the option that ends in -fd (--help has it); neither \
          is ever taken from arguments or the environment.
          """)
    case .pinNotSet:
      FailureWords(
        title: "This key has no PIN yet; nothing was sent",
        remedy:
          "Set it with the administrator PIN: ukey unlock admin; without that, ask the certificate authority."
      )
    case .signatureInvalid:
      FailureWords(
        title: "The signature does not fit the certificate",
        remedy: """
          The private key and the certificate on the key are not a pair, or the library signs in another \
          form: give the diagnosis report to the certificate authority.
          """)
    case .secretMemory:
      FailureWords(
        title: "No locked memory for the PIN",
        remedy: "Check the limit on locked memory (ulimit -l) and try again; no PIN was taken or sent.")
    case .unlockFileMalformed:
      FailureWords(
        title: "The file is no valid request or response",
        remedy: """
          Have the original file sent again (not opened and saved by an editor, not converted on the way); it may be \
          incomplete.
          """)
    case .unlockFileVersion:
      FailureWords(
        title: "The file's version is not known",
        remedy: "Update this tool, or have the file made again with the same version of it.")
    case .unlockFileAltered:
      FailureWords(
        title: "Content and digest of the file disagree: it was altered",
        remedy: "Do not use the file. Have it sent again and compare the check code by telephone.")
    case .unlockFileTime:
      FailureWords(
        title: "The time of the request is out of range",
        remedy: "Check the clocks of both computers; if the request is too old, have it made anew.")
    case .unlockField:
      FailureWords(
        title: "A field of the application is missing or wrong",
        remedy: "Correct the field that is named and try again; no file was written.")
    case .unlockNotRemote:
      FailureWords(
        title: "This key cannot be unlocked by file",
        remedy: "Give the form to the certificate authority and bring the key; at the desk ukey unlock admin does it.")
    case .unlockLog:
      FailureWords(
        title: "The decision cannot be recorded; nothing was approved",
        remedy: "Check permission and space of the audit file (--audit) and try again.")
    case .requestOtherKey:
      FailureWords(
        title: "The request is of another key; nothing was approved",
        remedy: "Compare the key serial with the holder; take the right request, or the right --serial.")
    case .weakAdminPIN:
      FailureWords(
        title: "The administrator PIN could be found from the answer; nothing was approved",
        remedy: "Give each key a derived PIN at issuing (ukey unlock set-admin) and approve with --admin-master-fd; "
          + "to use this one all the same, knowingly: --weak-admin-pin.")
    case .notIssued:
      FailureWords(
        title: "The key is not in the list of issued keys, or differs from its entry; nothing was approved",
        remedy: "Compare serial, certificate serial and owner; if it was issued, add it to the --issued list.")
    case .answerLimit:
      FailureWords(
        title: "This key has had as many answers as it may have in a day; nothing was approved",
        remedy:
          "Find out why it asks again and again; if it must be, raise --per-day, or let the holder come in person.")
    case .auditBroken:
      FailureWords(
        title: "The record of decisions is not as it was written",
        remedy: "Keep the file as it is and tell who is responsible; then begin a new record with --audit.")
    case .formatRetired:
      FailureWords(
        title: "The request or response is of the old format 1; nothing was done",
        remedy: """
          Make the request again with this version (ukey unlock request); an old response is good only for a \
          request that an old program still holds open.
          """)
    case .deskUnknown:
      FailureWords(
        title: "The response is of no desk that is trusted here; nothing was sent",
        remedy: """
          Ask the certificate authority for its desk certificate, compare it, and put it in /etc/ukey/desk or \
          ~/.config/ukey/desk (or name it with --desk-cert); do not use a response of unknown origin.
          """)
    case .responseForged:
      FailureWords(
        title: "The signature of the response is wrong; nothing was sent",
        remedy: """
          Do not use the response. Have it sent again and compare the check code by telephone.
          """)
    case .responseSealedElsewhere:
      FailureWords(
        title: "The response was not sealed to this request; nothing was sent",
        remedy: """
          Have the certificate authority answer again, comparing the request's check code; or make a new request.
          """)
    case .deskKey:
      FailureWords(
        title: "The desk's key or certificate cannot be used",
        remedy: """
          Look at the files: the key is SM2 in PEM without passphrase, mode 0600; the certificate is of SM2 and \
          belongs to the key.
          """)
    case .notWaiting:
      FailureWords(
        title: "This request does not wait here",
        remedy: """
          Do it on the computer and as the user that made the request; if that is gone, make a new one: ukey unlock \
          request.
          """)
    case .challengeMissing:
      FailureWords(
        title: "The challenge is missing; nothing was approved",
        remedy: """
          Let the holder plug in the key and run ukey unlock challenge; give its line (or .ukchl file) to approve \
          with --challenge within 15 minutes.
          """)
    case .challengeOtherRequest:
      FailureWords(
        title: "The challenge belongs to another request; nothing was approved",
        remedy: """
          Let the holder compare the request's check code and make the challenge again for this request.
          """)
    case .answerUnreadable:
      FailureWords(
        title: "The authority's answer, or a request, cannot be read; nothing was written to the key",
        remedy: """
          Have it sent again; Docs/renewal.md lists the forms that are read.
          """)
    case .answerOtherKey:
      FailureWords(
        title: "The answer has no certificate for the key pair of this order; nothing was written",
        remedy: """
          Compare the order with ukey renew status, and have the authority issue for this request.
          """)
    case .answerDiffers:
      FailureWords(
        title:
          "The new certificate says something else than the old one, and that was not confirmed; nothing was written",
        remedy: """
          Compare item by item. When it is meant, run again with --accept-differences; a renewal should not change a name.
          """)
    case .answerNotInDate:
      FailureWords(
        title: "The new certificate is not in date; nothing was written",
        remedy: """
          Check the clock; ask the authority about the certificate's dates.
          """)
    case .answerPair:
      FailureWords(
        title: "The encryption pair of the answer cannot be imported; nothing was written",
        remedy: """
          Have the whole answer sent again, or import it with the maker's tool.
          """)
    case .renewalNotOffered:
      FailureWords(
        title: "This program cannot put a new certificate on this kind of key",
        remedy: """
          Make a request with ukey renew request (without --on-key) and have it done by the authority, or use the maker's tool.
          """)
    case .renewalRoom:
      FailureWords(
        title: "The key has no room for a new certificate; nothing was written",
        remedy: """
          Have a container removed that is no longer used, by the maker's tool or the authority; never the old certificate that still opens bids.
          """)
    case .renewalPairGone:
      FailureWords(
        title: "The key does not hold the pair that was made for this order",
        remedy: """
          Plug in the key of the order; if it is that one, ask anew: ukey renew request --on-key --new. The old certificate is as it was.
          """)
    case .renewalReadBack:
      FailureWords(
        title: "The key reported success, but holds something else",
        remedy: """
          Run the same command again, which goes on where it stopped; if that repeats, ask the maker. The old certificate is as it was.
          """)
    case .renewalOrder:
      FailureWords(
        title: "No order has this number, or several could be meant",
        remedy: """
          See ukey renew status, and name it with --order.
          """)
    case .orderForged:
      FailureWords(
        title: "The order is not signed by the old certificate; it was not taken",
        remedy: """
          Issue nothing. Let the holder make the request anew on the old key.
          """)
    case .orderAnswered:
      FailureWords(
        title: "This order was answered for another key pair; nothing was issued",
        remedy: """
          Find out why; let the holder ask with a new order.
          """)
    case .issuer:
      FailureWords(
        title: "The issuer's key, or the program that issues, cannot be used",
        remedy: """
          Look at the folder of --authority and at the passphrase or the key, or run the program by itself.
          """)
    case .oldStillNeeded:
      FailureWords(
        title: "The old certificate is still needed; nothing was removed",
        remedy: """
          Finish ukey renew apply first, log in once with the new certificate, and be sure that no bid waits to be opened.
          """)
    case .oldNotVerified:
      FailureWords(
        title: "The certificate that signed the order cannot be relied on; nothing was issued",
        remedy: """
          Name the CA certificates with --trust. When you know in another way who asks, issue with --accept-unverified; the \
          record then says so.
          """)
    case .renewalNone:
      FailureWords(
        title: "No renewal order of this key is left to go on with here",
        remedy: """
          See ukey renew status; begin one with ukey renew request --on-key. An order goes on where it was begun: on that computer, as that user.
          """)
    case .responseOtherKey:
      FailureWords(
        title: "The response is for another key; nothing was sent",
        remedy: "Plug in the key with the serial that the response names, or ask the certificate authority.")
    case .responseOtherRequest:
      FailureWords(
        title: "The response answers another request; nothing was sent",
        remedy: "Use the response to the latest challenge; earlier ones end when a new one is made.")
    case .responseExpired:
      FailureWords(
        title: "The response has expired; nothing was sent",
        remedy: "A challenge is good for 15 minutes: make another one and have it answered; also look at the clock.")
    case .responseReplayed:
      FailureWords(
        title: "The response was already used; nothing was sent",
        remedy: "A response works once; make a new request if the key is still locked.")
    case .challengeGone:
      FailureWords(
        title: "The key's challenge no longer lives; nothing was sent",
        remedy: """
          Make a new challenge (the request still waits); until the answer comes leave the key in, the program open, and \
          other programs off the key.
          """)
    case .terminalUnsuitable:
      FailureWords(
        title: "This terminal cannot show the manager",
        remedy: """
          Run it in an ordinary terminal and check TERM (for example export TERM=xterm-256color); or use ukey \
          status.
          """)
    case .fileExists:
      FailureWords(
        title: "The file exists and was not overwritten",
        remedy: "Choose another name, or confirm overwriting (--force in a command).")
    case .fileWrite:
      FailureWords(
        title: "The file cannot be written",
        remedy: """
          See that the folder exists, that you may write there and that the disk is not full; or choose another \
          path.
          """)
    case .fileRead:
      FailureWords(
        title: "The file cannot be read",
        remedy: "Check the path and the permission to read.")
    case .reportMalformed:
      FailureWords(
        title: "The file is no complete diagnosis report",
        remedy:
          "It takes the whole file as ukey doctor --report FILE.json wrote it; have it sent again as a file, not pasted."
      )
    case .pathUntrusted:
      FailureWords(
        title: "Another user could have written this file: it is not used",
        remedy: """
          The file and each folder above it have to belong to root or to you, and nobody else may write to them: put that \
          right with chown and chmod. Root does not use another user's settings.
          """)
    case .softTokenState:
      FailureWords(
        title: "The software token's folder or state cannot be used",
        remedy: "Check permissions and space of the --dir folder, or begin anew with an empty one.")
    case .storeTool:
      FailureWords(
        title: "certutil, which writes browsers' certificate stores, is missing",
        remedy:
          "Install libnss3-tools (sudo apt install libnss3-tools; Fedora, openEuler: nss-tools; openSUSE: mozilla-nss-tools) and try again."
      )
    case .virtualReader:
      FailureWords(
        title: "The virtual reader cannot be reached",
        remedy: """
          See that pcscd runs with vsmartcard-vpcd installed and that the port agrees with --vpcd (default \
          127.0.0.1:35963).
          """)
    case .keyServiceAbsent:
      FailureWords(
        title: "The key service does not run",
        remedy: """
          Start it with ukey serve, or in the manager with F7 and x; where a package installed it, with systemctl --user \
          start ukey-service.
          """)
    case .keyServiceProgram:
      FailureWords(
        title: "The program of the key service, ukey-service, was not found",
        remedy: "Install again: it belongs beside ukey, or into libexec beside its folder.")
    case .keyServiceRunning:
      FailureWords(
        title: "The key service runs already",
        remedy: "One is enough: see ukey serve status. To run it otherwise, stop that one first.")
    case .crypto:
      FailureWords(
        title: "The cryptographic library failed",
        remedy: "Update OpenSSL (libssl3); if it stays, give the code and number to support.")
    case .cancelled:
      FailureWords(
        title: "The operation was cancelled",
        remedy: "Start again when you wish.")
    case .internalError:
      FailureWords(
        title: "A mistake in this program",
        remedy: "Tell support the code, the number and what you did, then start the tool again.")
    }
  }
}
