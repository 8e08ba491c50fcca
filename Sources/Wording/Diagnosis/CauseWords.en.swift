import DiagnosisKit

// English. Complete by construction: a cause without words does not compile.

extension Cause {
  var wordsEN: CauseWords {
    switch self {
    case .timedOut:
      CauseWords(
        "This link gave no answer in time",
        "Give it more time: ukey doctor --timeout 60; if there is still no answer, hand the report to support.")
    case .cancelled:
      CauseWords(
        "The check was cancelled",
        "Press r to check again.")
    case .noThread:
      CauseWords(
        "The system gave no thread, so that this link was not looked at",
        "Close programs, or raise the limit of processes (ulimit -u, the container's pids limit), and check again.")
    case .limitThreads:
      CauseWords(
        "The limit of processes and threads is reached; the other links cannot be looked at",
        "Close programs (often a browser), or raise the limit (ulimit -u, the container's pids limit), and check again."
      )
    case .limitDescriptors:
      CauseWords(
        "The limit of open files is reached; the other links cannot be looked at",
        "Raise it and check again: ulimit -n 1024; where another program starts this one, look at its settings.")
    case .notNeededDemo:
      CauseWords(
        "The demonstration key does not need this link",
        "Nothing to do.")
    case .notNeededVendorKey:
      CauseWords(
        "This kind of U-Key does not go through the reader service but through its maker's library",
        "See the link \"Maker's library\".")
    case .notNeeded:
      CauseWords(
        "Does not concern this computer",
        "Nothing to do.")
    case .switchedOff:
      CauseWords(
        "Not looked at: the options do not ask for it, or leave it out",
        "Leave out --no-network and --demo, or add --login or --page, to have it checked.")
    case .localeNotGenerated:
      CauseWords(
        "The locale is not generated; programs fall back to ASCII",
        "Have the administrator generate it (see the command); where there is none use a UTF-8 one: LANG=C.UTF-8 ukey.")
    case .localeNotUTF8:
      CauseWords(
        "The locale is not UTF-8; Chinese may show as question marks",
        "Set a UTF-8 locale, for example export LANG=C.UTF-8, and start again.")
    case .terminalUnknown:
      CauseWords(
        "The terminal type is not known; the window cannot open",
        "export TERM=xterm-256color and start again; the commands work all the same.")
    case .clockBeforeRelease:
      CauseWords(
        "The clock is earlier than this program's release",
        "Set date and time right before logging in: validity is judged by the clock.")
    case .clockBehindFiles:
      CauseWords(
        "The clock is earlier than files the system has just written",
        "Set date and time right; the mainboard battery may be empty.")
    case .clockBehindCertificate:
      CauseWords(
        "The clock is earlier than the certificate's first day",
        "Check date and time first; if they are right the certificate is not valid yet.")
    case .clockAhead:
      CauseWords(
        "The clock is five years past the newest system files and may be ahead",
        "Check date and time.")
    case .clockDiffers:
      CauseWords(
        "The clock differs from the platform's time",
        "Set date, time and time zone right and check again; the certificate is most likely fine: do not renew it yet.")
    case .nothingPluggedIn:
      CauseWords(
        "No U-Key and no reader is plugged in",
        "Plug the U-Key into a USB port of the computer itself; a virtual machine must be given the USB device (WSL: usbipd attach --wsl). If its light is on and it is still not seen, tell support the USB ids above."
      )
    case .noKnownKey:
      CauseWords(
        "No known U-Key on USB, and without the reader service it cannot be told whether one is plugged in",
        "Repair the reader service first, then check again.")
    case .smartCardPartOff:
      CauseWords(
        "The U-Key is plugged in, but its smart-card interface is switched off",
        "Switch the smart-card (CCID) interface on with the maker's tool and plug it in again.")
    case .deviceBlocked:
      CauseWords(
        "A policy of this system keeps the USB device from everybody (not authorized)",
        "Have the administrator allow it: usbguard list-devices, then usbguard allow-device; on UOS and Kylin in the security centre under device control. Then plug it in again."
      )
    case .deviceUnconfigured:
      CauseWords(
        "The USB device is seen, but the system has not switched it on, mostly for lack of power",
        "Plug it into a port of the computer itself, without a hub or a long cable; if that stays, see dmesg (\"insufficient available bus power\") and try another computer."
      )
    case .nodeMissing:
      CauseWords(
        "The USB device is there without its device node",
        "A container must be given /dev/bus/usb; otherwise plug it in again or restart.")
    case .nodeDenied:
      CauseWords(
        "No permission on the USB device, so that the maker's library cannot open it",
        "Have the administrator add the udev rule (see the command) and plug the key in again.")
    case .nfcDriver:
      CauseWords(
        "The kernel's NFC driver has taken the reader",
        "Have the administrator block the NFC module (see the command) and plug the reader in again.")
    case .otherDriver:
      CauseWords(
        "Another kernel driver has taken the smart-card interface",
        "Unbind that driver and plug the key in again; tell support the driver's name.")
    case .notInstalled:
      CauseWords(
        "The reader service pcscd is not installed",
        "Install pcscd and libccid (rpm systems: pcsc-lite and pcsc-lite-ccid; NixOS: services.pcscd.enable = true); a command for this system is shown where one is known."
      )
    case .socketMissing:
      CauseWords(
        "The reader service is not started",
        "Start the reader service (see the command).")
    case .socketLost:
      CauseWords(
        "The reader service runs, but its socket is gone, so that nobody reaches it",
        "Restart the reader service (see the command): something has emptied its folder in /run.")
    case .socketMasked:
      CauseWords(
        "The reader service is masked by the administrator and does not start",
        "Unmask it, then start it (see the command).")
    case .socketStale:
      CauseWords(
        "The reader service has stopped and left its socket file behind",
        "Start the reader service again (see the command).")
    case .socketDenied:
      CauseWords(
        "This user may not connect to the reader service",
        "Have the administrator restart the reader service, which restores the socket's permissions, or use an account that may."
      )
    case .socketNameWrong:
      CauseWords(
        "The variable PCSCLITE_CSOCK_NAME points to the wrong place",
        "Remove it (unset PCSCLITE_CSOCK_NAME) and start again; a remote desktop may have set it.")
    case .socketElsewhere:
      CauseWords(
        "The reader service in use is the one that PCSCLITE_CSOCK_NAME names, not this computer's",
        "If the U-Key is plugged in here: unset PCSCLITE_CSOCK_NAME and start again. If it is plugged in at the other end of a remote desktop, look there."
      )
    case .socketForeign:
      CauseWords(
        "Another program sits on the reader service's socket",
        "Close the program shown, then start the reader service.")
    case .containerWithoutSocket:
      CauseWords(
        "The reader service is not visible inside this container",
        "Mount the host's /run/pcscd into it and use a matching libpcsclite, or run on the host.")
    case .serviceDenied:
      CauseWords(
        "The reader service refused this session (polkit)",
        "Use a local desktop session, or have the administrator allow org.debian.pcsc-lite.access_pcsc and access_card in polkit."
      )
    case .serviceDeniedRemote:
      CauseWords(
        "You are logged in over ssh, and the reader service lets only the local user in",
        "Use a local desktop session, or have the administrator allow org.debian.pcsc-lite.access_pcsc and access_card in polkit."
      )
    case .serviceHidepid:
      CauseWords(
        "/proc hides processes, so that the reader service cannot see who asks",
        "Have the administrator give polkit's group in the mount option gid= of /proc, or remove hidepid.")
    case .polkitUnreachable:
      CauseWords(
        "The reader service asks polkit, and polkit does not answer",
        "Have the administrator start polkit (systemctl restart polkit); in a container without it start the service as pcscd --disable-polkit."
      )
    case .serviceMismatch:
      CauseWords(
        "Reader service and client library differ in version (it does run)",
        "Update pcscd and libpcsclite1 to the same version and restart; an old library in a Flatpak, snap or container is a common reason."
      )
    case .serviceSilent:
      CauseWords(
        "Something listens on the socket but does not answer",
        "See the listening process: if it is not pcscd close it; if it is, restart pcscd.service.")
    case .serviceBroken:
      CauseWords(
        "The reader service fails after connecting",
        "Restart the reader service; if it stays, tell support the number.")
    case .serviceEnds:
      CauseWords(
        "The reader service ends as soon as it is started",
        "See journalctl -u pcscd: often the driver of a reader crashes. Unplug the readers and start it; if it still ends, update or remove the driver installed last in /usr/lib/pcsc/drivers."
      )
    case .bundleMissing:
      CauseWords(
        "The driver for USB readers, libccid, is not installed",
        "Install libccid (rpm systems: pcsc-lite-ccid; elsewhere ccid) and plug the key in again; a command for this system is shown where one is known."
      )
    case .deviceUnlisted:
      CauseWords(
        "The reader driver does not list this device",
        "Update libccid; do not edit Info.plist.")
    case .noReader:
      CauseWords(
        "The reader service runs, but there is no reader",
        "Plug in the U-Key or reader.")
    case .readerNotNoticed:
      CauseWords(
        "A reader is on USB, but the service has not noticed it",
        "Plug it in again; if that does not help restart the reader service. Common after sleep and in WSL."
      )
    case .readerNameUnknown:
      CauseWords(
        "There is no reader of this name",
        "See the exact name with ukey status.")
    case .deviceHeld:
      CauseWords(
        "Another program has the USB device itself, so that the reader service cannot have it",
        "Close the program shown and plug the key in again; where none is shown, sudo ukey doctor names it, often a virtual machine or the maker's tool. scdaemon is ended by the command; for good, write disable-ccid into ~/.gnupg/scdaemon.conf."
      )
    case .noCard:
      CauseWords(
        "There is no key in the reader",
        "Push the key or card in fully, the chip the right way.")
    case .cardMute:
      CauseWords(
        "The key does not answer",
        "Pull it out, wait five seconds, plug in again; try another port; turn or clean a card; if it stays mute ask the certificate authority."
      )
    case .cardHeld:
      CauseWords(
        "Another program holds the key exclusively",
        "Close the program shown and check again; where only a user is shown, sudo ukey doctor names the program. This tool ends nothing unasked."
      )
    case .cardDenied:
      CauseWords(
        "The reader service may be used, but not the key (polkit's access_card)",
        "Use a local desktop session, or have the administrator allow both org.debian.pcsc-lite.access_pcsc and access_card in the polkit rule."
      )
    case .cardBusy:
      CauseWords(
        "The key was busy all the time",
        "Close the program shown and check again; where only a user is shown, sudo ukey doctor names it; if nothing is shown, plug the key in again."
      )
    case .cardSlow:
      CauseWords(
        "The key answers slowly",
        "Slow is not broken: wait, and give logging in and changing the PIN their time. If it was not read to the end, check again with ukey doctor --timeout 60. Try another port, without a hub."
      )
    case .cardFailed:
      CauseWords(
        "Communication with the key failed",
        "Plug it in again without a hub; try another computer to tell key from port.")
    case .serviceDied:
      CauseWords(
        "The reader service ended while the key was read",
        "Restart the reader service and check again; if it ends again, see journalctl -u pcscd and update the reader's driver."
      )
    case .cardUnknown:
      CauseWords(
        "This kind of key is not known",
        "If the certificate authority supplies a library use --provider skf:PATH; otherwise tell support the ATR.")
    case .cardForeign:
      CauseWords(
        "A card of another kind, which this tool does not read itself",
        "Take it out and plug in the U-Key that holds the certificate; if it is on this card, ukey status names the module that reads it."
      )
    case .tokenFailed:
      CauseWords(
        "The key cannot be read",
        "Plug it in again and check; if it stays, tell support the number.")
    case .severalKeys:
      CauseWords(
        "More than one U-Key is plugged in; a web page may take the wrong one",
        "Plug in only one U-Key to log in.")
    case .libraryMissing:
      CauseWords(
        "The maker's library for this U-Key was not found",
        "Install the Linux driver package from the certificate authority and check again.")
    case .libraryNotKnown:
      CauseWords(
        "No Linux library is known for this U-Key",
        "Ask the certificate authority for a Linux driver, then check it with --library PATH.")
    case .libraryNotELF:
      CauseWords(
        "The library file is no Linux library, or is damaged",
        "Install the driver package again; a Windows DLL is of no use.")
    case .libraryArchitecture:
      CauseWords(
        "The maker's library is for another kind of processor",
        "Get the driver package for this computer's architecture (see the evidence).")
    case .libraryExports:
      CauseWords(
        "The library lacks the SKF or PKCS#11 functions",
        "Wrong version or wrong file: install the certificate authority's driver package again.")
    case .libraryLoad:
      CauseWords(
        "The library cannot be loaded, mostly because something it needs is missing",
        "Install what the error names, or the driver package again.")
    case .libraryDependency:
      CauseWords(
        "Another library that this one needs is missing",
        "Install the library that the error names (apt-file search NAME finds its package), or install the whole driver package again."
      )
    case .libraryGlibc:
      CauseWords(
        "The library needs a newer system (glibc)",
        "Ask the certificate authority for the package made for this system, or upgrade the system; do not replace its glibc."
      )
    case .libraryNoexec:
      CauseWords(
        "The library lies on a file system mounted noexec",
        "Install the package to /opt or /usr/lib, not on a file system that is noexec (a stick, /tmp, a home).")
    case .libraryTruncated:
      CauseWords(
        "The library's file is cut off",
        "A download or copy was interrupted: install the package again.")
    case .libraryDenied:
      CauseWords(
        "This user may not read the library",
        "Have the administrator open the file or folder shown: chmod a+r for the file, chmod a+x for the folder.")
    case .libraryCrash:
      CauseWords(
        "The maker's library crashes",
        "Install it again or another version; tell the certificate authority the signal.")
    case .libraryHang:
      CauseWords(
        "The maker's library does not answer",
        "Install it again or another version; close the maker's background program and try again.")
    case .libraryFailed:
      CauseWords(
        "The maker's library reports an error",
        "Unplug the key, plug it in and retry; if it stays, give the number to the maker or support.")
    case .noApplication:
      CauseWords(
        "The key has no application: not issued yet, or initialised",
        "Ask the certificate authority.")
    case .noContainer:
      CauseWords(
        "The key has no container: no certificate was installed yet",
        "Install the certificate by the certificate authority's guide.")
    case .noCertificate:
      CauseWords(
        "There is no certificate on the key",
        "Install it by the certificate authority's guide; for a new key make sure its issue is completed.")
    case .certificateBroken:
      CauseWords(
        "The certificate is damaged and cannot be read",
        "Plug in again and check; if it stays have the certificate authority install it again.")
    case .signatureMissing:
      CauseWords(
        "Only an encryption certificate, no signature certificate to log in with",
        "Have the certificate authority install the signature certificate.")
    case .encryptionMissing:
      CauseWords(
        "Only a signature certificate, no encryption certificate",
        "Login works; to encrypt bids have the certificate authority install the other one.")
    case .pairDiffers:
      CauseWords(
        "Owner or validity of the two certificates differ",
        "A renewal may be half done: ask the certificate authority.")
    case .expired:
      CauseWords(
        "The certificate has expired",
        "Renew it at the certificate authority; not while bids are open, or old bids cannot be decrypted.")
    case .notYetValid:
      CauseWords(
        "The certificate is not valid yet",
        "Check the date; if it is right wait until the first day, or ask the certificate authority.")
    case .expiring:
      CauseWords(
        "The certificate expires soon",
        "Renew it in good time; not while bids are open.")
    case .wrongUsage:
      CauseWords(
        "The certificate is not for digital signatures and cannot log in",
        "Use the signature certificate; if there is none ask the certificate authority.")
    case .keyOther:
      CauseWords(
        "The certificate belongs to another private key than the one on the key: no signature will be accepted",
        "A renewal may be half done, or the wrong certificate was written: have the certificate authority write it again."
      )
    case .keyGone:
      CauseWords(
        "The key has the certificate, but not its private key",
        "It cannot be used to log in: have the certificate authority reissue it.")
    case .keyNotTold:
      CauseWords(
        "The key does not tell its public key; whether the private key fits was not looked at",
        "The login self-test (F5, ukey login-test) tells.")
    case .issuersNotNamed:
      CauseWords(
        "No certificate of a certificate authority is named here; issuer and revocation were not looked at",
        "Put the authority's CA certificates (and its .crl lists) into ~/.config/ukey/ca and check again.")
    case .issuerUnknown:
      CauseWords(
        "None of the certificate authorities named here has issued the certificate",
        "Compare its issuer; if it is a new CA certificate of that authority, fetch it from its own site into ~/.config/ukey/ca."
      )
    case .issuerDenies:
      CauseWords(
        "The signature on the certificate is not that of the authority it names",
        "Do not use it: hand the report to the certificate authority.")
    case .issuerDoubtful:
      CauseWords(
        "The chain of the certificate is doubtful; its issuer cannot be confirmed",
        "See the reason in the evidence, and hand the report to the certificate authority.")
    case .revoked:
      CauseWords(
        "The certificate authority has revoked the certificate",
        "It cannot log in any more: have it reissued; so too with a key reported lost and found again.")
    case .pinLocked:
      CauseWords(
        "The PIN is locked",
        "Do not try again. Make an unlock request (F3 or ukey unlock request) to the certificate authority, hotline \(Authority.current.hotline)."
      )
    case .pinLockedHere:
      CauseWords(
        "The PIN is locked; the PUK or administrator PIN sets a new one",
        "Do not try again. Whoever keeps the PUK or administrator PIN sets a new PIN with it: ukey unlock admin; else hotline \(Authority.current.hotline)."
      )
    case .pinLastTry:
      CauseWords(
        "One PIN try is left",
        "Do not enter it unless certain; have the key unlocked.")
    case .pinBothLocked:
      CauseWords(
        "User PIN and administrator PIN are both locked",
        "An unlock request cannot help. Ask the certificate authority to initialise the key or replace it, hotline \(Authority.current.hotline)."
      )
    case .pinFewTries:
      CauseWords(
        "Few PIN tries are left",
        "Check capitals and NumLock before entering it; tries do not come back overnight.")
    case .adminLocked:
      CauseWords(
        "The administrator PIN (PUK) is locked",
        "Logging in is not affected; but a locked user PIN could not be unlocked any more: mind the PIN, and ask the certificate authority in good time."
      )
    case .pinDefault:
      CauseWords(
        "The PIN is still the factory default",
        "Change it with F2 or ukey pin change.")
    case .pinNotTold:
      CauseWords(
        "The key does not tell how many tries are left",
        "Take special care when entering the PIN.")
    case .keyServiceAbsent:
      CauseWords(
        "No local key service was found; a web page's login button may do nothing",
        "Run ukey serve start, or start the certificate authority's client, then click again; name the service with --service to have it required."
      )
    case .keyServiceDown:
      CauseWords(
        "The local key service that the page needs is not running",
        "Run ukey serve start, or start (reinstall) the certificate authority's client, then click again.")
    case .keyServiceUnknown:
      CauseWords(
        "No local key service that is known; other programs listen on this computer",
        "See whether one of the other local listeners is the certificate authority's. If none is, run ukey serve start; if one is and its port is known, check it with --service https://127.0.0.1:PORT."
      )
    case .keyServiceSilent:
      CauseWords(
        "The local key service holds its port but does not answer",
        "Quit the program shown and start it again.")
    case .keyServiceForeign:
      CauseWords(
        "Another program has taken the local key service's port",
        "Close the program shown, or change its port, then start the certificate authority's client.")
    case .keyServiceIPv6:
      CauseWords(
        "The local key service listens on IPv6 (::1) only, and pages call 127.0.0.1",
        "Start it again; if that stays, update the certificate authority's client.")
    case .keyServiceFiltered:
      CauseWords(
        "The local key service listens, but connections do not reach it: a firewall of this computer drops them",
        "Have the administrator look at the firewall (nft list ruleset) and let connections on lo through.")
    case .keyServiceTLS:
      CauseWords(
        "The local key service's TLS does not come up",
        "Reinstall the certificate authority's client; tell support the error.")
    case .keyServiceUntrusted:
      CauseWords(
        "No browser trusts the local key service's certificate, so that pages cannot reach it",
        "Reinstall the certificate authority's client, or import its root certificate into the browser.")
    case .keyServiceExpired:
      CauseWords(
        "The local key service's own certificate has expired",
        "Update or install the certificate authority's client again, which brings a new one; importing its root does not help."
      )
    case .keyServiceSystemOnly:
      CauseWords(
        "The service's certificate is trusted by the system only; browsers have stores of their own",
        "Import the root into the browser (Chromium: ~/.pki/nssdb; Firefox: settings, certificates).")
    case .keyServiceOneBrowser:
      CauseWords(
        "The local key service's certificate is trusted by one browser here, but not by another",
        "Open the page in the browser that trusts it (yes in the evidence), or import the root into the other one as well; for ukey's own service: ukey serve trust."
      )
    case .pageUnreadable:
      CauseWords(
        "The page was not read, so that whom it calls is not known",
        "Check the address. A page that opens only after a login: save it whole in the browser, and use ukey doctor --page FILE."
      )
    case .pageCallsNothing:
      CauseWords(
        "No call of a service on this computer was found in the page and the scripts read",
        "Scripts may be loaded only later: open the page with the login button, save it whole, and use ukey doctor --page FILE."
      )
    case .pageActiveX:
      CauseWords(
        "The page uses an ActiveX control of Internet Explorer, which no browser on Linux has",
        "Ask the site for its newer login page; until then it takes Windows and its IE mode.")
    case .pageInsecure:
      CauseWords(
        "The page was opened by http, and browsers let no such page call services of this computer",
        "Change http to https at the start of the address; where the site has none, ask its administrator for it.")
    case .pageServiceDown:
      CauseWords(
        "None of the local services that the page calls is running",
        "Start the program of the service shown (the certificate authority's client); ukey serve answers pages of several authorities, too."
      )
    case .pageExtensionMissing:
      CauseWords(
        "The browser extension that the page calls is not installed",
        "Install the extension shown in Chromium or Chrome as the site explains, then open the page again; Firefox cannot use it."
      )
    case .pageExtensionOff:
      CauseWords(
        "The browser extension that the page calls is switched off",
        "Switch the extension shown on at chrome://extensions, then reload the page.")
    case .pageExtensionUnread:
      CauseWords(
        "The browser's settings cannot be read: whether it has the extension that the page calls is not known",
        "Run ukey doctor as the user who opens the page, without sudo; or see at chrome://extensions whether the extension shown is there and on."
      )
    case .loopbackNotAsked:
      CauseWords(
        "Whether pages may call this computer has not been decided yet",
        "At the first click on login the browser asks whether the site may access apps and services on this device: allow it."
      )
    case .loopbackDenied:
      CauseWords(
        "The user has refused this site the services of this computer",
        "Click the icon left of the address, allow apps on this device (local network) in the site's permissions, and reload the page."
      )
    case .loopbackForbidden:
      CauseWords(
        "A rule of the administrator forbids this site to call services of this computer",
        "Have the administrator take the site out of the list in the file shown (…BlockedForUrls), or put it into LoopbackNetworkAllowedForUrls; until then use a browser without such a rule."
      )
    case .proxyCatchesLoopback:
      CauseWords(
        "The browser is told to send even this computer's own addresses through a proxy: no page reaches the local key service",
        "Remove <-loopback> (in Firefox network.proxy.allow_hijacking_localhost) from the file in the evidence; where it is set for all, ask the network administrator."
      )
    case .browserAbsent:
      CauseWords(
        "No browser was found",
        "Log in from a computer with a browser.")
    case .browserSandboxed:
      CauseWords(
        "The browser is a snap or flatpak and may not load the key's module",
        "Use a browser from the system's own packages (deb, rpm).")
    case .storeOwner:
      CauseWords(
        "The browser's certificate store belongs to another user, and the browser cannot open it",
        """
        Close the browser and move the file out of the way (mv): the browser makes a new one, and what was imported into \
        it has to be imported again. Never run a browser as root.
        """)
    case .storeShut:
      CauseWords(
        "This user may not use the folder of the browser's own data",
        "The folder or file shown has wrong permissions, often since a browser was started with sudo. Have the administrator give what is shown back to its user."
      )
    case .storeBroken:
      CauseWords(
        "The browser's certificate store is damaged",
        "Close the browser, rename the cert9.db shown and its key4.db, open the browser again and install the certificate authority's client anew."
      )
    case .storeModuleMissing:
      CauseWords(
        "A module registered in the browser does not exist",
        "Install it again, or remove it from the browser's security devices.")
    case .storeModuleForeign:
      CauseWords(
        "A module registered in the browser is for another processor",
        "Install the module for this computer's processor (see the evidence).")
    case .proxyDead:
      CauseWords(
        "The proxy that browsers are told to use cannot be reached",
        "If it is gone, remove it (the evidence says who sets it: a variable, the desktop or Firefox); otherwise ask the network administrator."
      )
    case .proxyLogin:
      CauseWords(
        "The proxy wants a login",
        "Open any page in the browser and give the proxy's name and password; ask the network administrator for them.")
    case .proxyRefuses:
      CauseWords(
        "The proxy does not let connections through to the platform",
        "Have the network administrator allow the platform's address and port (CONNECT), or except it from the proxy.")
    case .proxyScript:
      CauseWords(
        "A script (PAC) chooses the browser's proxy, and this program runs no script",
        "What follows was checked without a proxy. If pages fail, have the network administrator see what the script says for the platform and for 127.0.0.1, which must be DIRECT."
      )
    case .proxySecure:
      CauseWords(
        "The browser's proxy is spoken to by TLS (https://), which this program does not do",
        "What follows was checked without a proxy. If pages fail, see whether the proxy wants http:// before its name, as most do; otherwise ask the network administrator."
      )
    case .nameUnresolved:
      CauseWords(
        "The platform's name does not resolve",
        "Check the network and the DNS settings; in a company network ask its administrator.")
    case .nameSlow:
      CauseWords(
        "The name resolves slowly: a DNS server does not answer",
        "It works, but pages are slow or fail at times: have the DNS server that does not answer removed (one often stays behind a VPN; see /etc/resolv.conf)."
      )
    case .platformRefused:
      CauseWords(
        "The platform refuses the connection",
        "Try later; check address and port; a firewall may be in the way. Where the evidence names /etc/hosts, first remove that line: its address may be an old one."
      )
    case .nameFalse:
      CauseWords(
        "The platform's name resolves to this computer or to a stand-in address",
        "If the evidence is /etc/hosts remove that line; otherwise the DNS server or a proxy or filter program gives it (127.0.0.1, 0.0.0.0, 198.18.x.x): end that program or change the DNS server."
      )
    case .platformUnreachable:
      CauseWords(
        "The platform cannot be reached",
        "Check the network; a firewall may block the port. If the evidence names /etc/hosts, take that line out first: the address in it may be an old one."
      )
    case .platformTLS:
      CauseWords(
        "The TLS connection to the platform does not come up",
        "See whether security software or a gateway interferes; try later; tell support the error.")
    case .platformMTU:
      CauseWords(
        "Large packets to the platform get lost (MTU)",
        "Have the network administrator lower the MTU (common with VPN and PPPoE); for now sudo ip link set dev DEVICE mtu 1280."
      )
    case .captivePortal:
      CauseWords(
        "What answers is not the platform but a login page or gateway of the network",
        "Open any http page in the browser, log in to the network (Wi-Fi or company gateway), and try again.")
    case .platformOldTLS:
      CauseWords(
        "The other side speaks TLS 1.1 or older only, which browsers refuse",
        "Have the network administrator look for an old gateway on the way; if it is the platform itself, it has to be upgraded."
      )
    case .libraryAbsent:
      CauseWords(
        "This computer lacks OpenSSL's library, so that TLS connections cannot be looked at",
        "Install libssl3 and check again.")
    case .platformCertificate:
      CauseWords(
        "The platform's server certificate is not trusted",
        "Check the date; a gateway may have replaced the certificate: do not log in, ask the network administrator first."
      )
    case .loginKeyLost:
      CauseWords(
        "The key cannot be reached",
        "Plug it in again and retry; if it stays, the diagnosis (F4, or ukey doctor) finds the broken link.")
    case .platformNoRoots:
      CauseWords(
        "This computer has no list of certificate authorities, so that the platform's certificate cannot be checked",
        "Install ca-certificates; where SSL_CERT_FILE or SSL_CERT_DIR is set, see that it names a list that is there. That says nothing against the platform; browsers bring a list of their own."
      )
    case .platformExpired:
      CauseWords(
        "The platform's server certificate has expired",
        "Check the date first; if it is right the platform is at fault: wait for its new certificate and do not skip the warning."
      )
    case .platformEarly:
      CauseWords(
        "The platform's server certificate is not valid yet",
        "Most likely this computer's date is behind: set date and time right first.")
    case .platformChain:
      CauseWords(
        "The platform sends no intermediate certificate, so that no trusted root is reached",
        "Open it in the browser: if that works log in as usual (browsers complete the chain). If not, see the issuer: a gateway's is for the network administrator, else the platform has to send the intermediate."
      )
    case .platformWrongName:
      CauseWords(
        "The server's certificate is not for this name",
        "What answers may not be the platform: do not log in, check the address, ask the network administrator.")
    case .platformWeak:
      CauseWords(
        "The server's certificate is too weak (short key or old digest); browsers may refuse it",
        "The platform, or a gateway on the way, has to change it; where the browser opens the page, logging in still works."
      )
    case .loginOtherKey:
      CauseWords(
        "It is no longer the key that was shown",
        "The PIN was not sent. See that the key to be tested is plugged in, read it again, and retry.")
    case .loginNoCertificate:
      CauseWords(
        "There is no certificate to log in with on the key",
        "Have the certificate authority install the signature certificate; an encryption certificate alone cannot log in. With --container: see the names with ukey cert list."
      )
    case .loginNoPIN:
      CauseWords(
        "The key has no PIN yet",
        "It is set with the administrator PIN: ukey unlock admin; without that, ask the certificate authority.")
    case .loginExpired:
      CauseWords(
        "The PIN is right and has expired",
        "Change it first: F2, or ukey pin change.")
    case .loginNotCompared:
      CauseWords(
        "The key did not compare the PIN",
        "By its answer no try was used. Plug the key in again and repeat; if it stays, tell support the number.")
    case .loginFewTries:
      CauseWords(
        "Too few tries are left; the PIN was not sent",
        "If sure of the PIN, add --low-tries (3 or fewer) or --last-try in the shell; if not, do not try again and have the key unlocked (F3)."
      )
    case .loginNoProfile:
      CauseWords(
        "No PIN profile fits this key; the PIN was not sent",
        "Try again by its vendor's SKF library (--provider skf:PATH).")
    case .loginNotSent:
      CauseWords(
        "The PIN was not sent",
        "No try was used. Plug the key in again and retry; tell support the number.")
    case .loginUnknown:
      CauseWords(
        "The PIN had left and no answer came",
        "If it was wrong a try may have been used. Plug the key in again and look at the tries left first.")
    case .loginPIN:
      CauseWords(
        "The PIN was wrong in the login self-test",
        "Check it before trying again, and mind the tries left.")
    case .loginRefused:
      CauseWords(
        "The key did not make the signature",
        "Plug it in again and retry; tell support the number.")
    case .loginMismatch:
      CauseWords(
        "The signature does not fit the certificate",
        "Private key and certificate do not belong together: have the certificate authority install it again.")
    case .loginUntestable:
      CauseWords(
        "This tool cannot have such a key sign",
        "That says nothing against the key, and no PIN was used: test another certificate (--container), or use a library that knows it (--provider pkcs11:PATH)."
      )
    case .loginNoPrivateKey:
      CauseWords(
        "The certificate's private key is not on the key",
        "Plugging in again does not help: use the key with which the certificate was applied for, or have it reissued.")
    }
  }
}
