/// Why a link is broken, doubtful or not looked at. The raw value is stable; each has words in both languages and a
/// section in `Docs/diagnosis.md`.
public enum Cause: String, Sendable, CaseIterable {
  // Any link
  case timedOut = "check-timed-out"
  case cancelled = "check-cancelled"
  case notNeededDemo = "not-needed-demo"
  case notNeededVendorKey = "not-needed-vendor-key"
  case notNeeded = "not-needed"
  case switchedOff = "switched-off"

  // Terminal and system
  case localeNotGenerated = "locale-not-generated"
  case localeNotUTF8 = "locale-not-utf8"
  case terminalUnknown = "terminal-unknown"
  case clockBeforeRelease = "clock-before-release"
  case clockBehindFiles = "clock-behind-files"
  case clockBehindCertificate = "clock-behind-certificate"
  case clockAhead = "clock-ahead"

  // USB
  case nothingPluggedIn = "nothing-plugged-in"
  case noKnownKey = "no-known-key"
  case smartCardPartOff = "smart-card-part-off"
  case nodeMissing = "usb-node-missing"
  case nodeDenied = "usb-node-denied"
  case nfcDriver = "nfc-driver"
  case otherDriver = "other-kernel-driver"

  // pcscd
  case notInstalled = "pcscd-not-installed"
  case socketMissing = "pcscd-socket-missing"
  case socketStale = "pcscd-socket-stale"
  case socketDenied = "pcscd-socket-denied"
  case socketNameWrong = "pcscd-socket-name-wrong"
  case socketForeign = "pcscd-socket-foreign"
  case containerWithoutSocket = "container-without-socket"
  case serviceDenied = "pcscd-denied"
  case serviceDeniedRemote = "pcscd-denied-remote"
  case serviceHidepid = "pcscd-hidepid"
  case serviceMismatch = "pcscd-mismatch"
  case serviceSilent = "pcscd-silent"
  case serviceBroken = "pcscd-broken"
  case bundleMissing = "ccid-driver-missing"
  case deviceUnlisted = "ccid-device-unlisted"

  // Reader, card, token
  case noReader = "no-reader"
  case readerNotNoticed = "reader-not-noticed"
  case readerNameUnknown = "reader-name-unknown"
  case noCard = "no-card"
  case cardMute = "card-mute"
  case cardHeld = "card-held"
  case cardBusy = "card-busy"
  case cardFailed = "card-failed"
  case cardUnknown = "card-unknown"
  case tokenFailed = "token-failed"
  case severalKeys = "several-keys"

  // Vendor library
  case libraryMissing = "library-missing"
  case libraryNotKnown = "library-not-known"
  case libraryNotELF = "library-not-elf"
  case libraryArchitecture = "library-architecture"
  case libraryExports = "library-exports"
  case libraryLoad = "library-load"
  case libraryCrash = "library-crash"
  case libraryHang = "library-hang"

  // Certificate and PIN
  case noApplication = "no-application"
  case noContainer = "no-container"
  case noCertificate = "no-certificate"
  case certificateBroken = "certificate-broken"
  case signatureMissing = "signature-certificate-missing"
  case encryptionMissing = "encryption-certificate-missing"
  case pairDiffers = "pair-differs"
  case expired = "certificate-expired"
  case notYetValid = "certificate-not-yet-valid"
  case expiring = "certificate-expiring"
  case wrongUsage = "certificate-wrong-usage"
  case pinLocked = "pin-locked"
  case pinLastTry = "pin-last-try"
  case pinFewTries = "pin-few-tries"
  case pinDefault = "pin-default"
  case pinNotTold = "pin-not-told"

  // Local key service
  case keyServiceAbsent = "key-service-absent"
  case keyServiceDown = "key-service-down"
  case keyServiceSilent = "key-service-silent"
  case keyServiceForeign = "key-service-foreign"
  case keyServiceTLS = "key-service-tls"
  case keyServiceUntrusted = "key-service-untrusted"
  case keyServiceSystemOnly = "key-service-system-only"

  // Browser and network
  case browserAbsent = "browser-absent"
  case browserSandboxed = "browser-sandboxed"
  case storeOwner = "store-owner"
  case storeModuleMissing = "store-module-missing"
  case proxyCatchesLoopback = "proxy-catches-loopback"
  case nameUnresolved = "name-unresolved"
  case platformRefused = "platform-refused"
  case platformUnreachable = "platform-unreachable"
  case platformTLS = "platform-tls"
  case platformCertificate = "platform-certificate"

  // Login
  case loginKeyLost = "login-key-lost"
  case loginOtherKey = "login-other-key"
  case loginPIN = "login-pin"
  case loginFewTries = "login-few-tries"
  case loginNoProfile = "login-no-profile"
  case loginNotSent = "login-not-sent"
  case loginUnknown = "login-unknown"
  case loginRefused = "login-refused"
  case loginMismatch = "login-mismatch"
}
