import DiagnosisKit

// English. Complete by construction: a link or fact without words does not compile.

extension CheckID {
  var titleEN: String {
    switch self {
    case .limits: "Limits of the system"
    case .locale: "Terminal locale"
    case .terminal: "Terminal type"
    case .system: "Operating system"
    case .usbDevice: "U-Key on USB"
    case .usbPermission: "Permission on the USB device"
    case .usbDriver: "Kernel driver conflict"
    case .serviceInstalled: "Reader service installed"
    case .serviceSocket: "Reader service listening"
    case .serviceAnswers: "Reader service usable"
    case .driverBundle: "Reader driver"
    case .reader: "Reader seen"
    case .card: "Key in the reader"
    case .cardAnswers: "Key answers"
    case .cardFree: "Key not held by others"
    case .token: "Key recognised"
    case .library: "Maker's library"
    case .certificate: "Certificate on the key"
    case .pair: "Certificate pair complete"
    case .clock: "System clock"
    case .validity: "Certificate validity"
    case .usage: "Certificate usage"
    case .certificateKey: "Private key fits"
    case .issuer: "Issuer and revocation"
    case .pin: "PIN state"
    case .keyServicePort: "Local key service: port"
    case .keyServiceAnswers: "Local key service: answer"
    case .keyServiceTrust: "Local key service: trust"
    case .pageCalls: "Services the page calls"
    case .permission: "Page may call here"
    case .browser: "Browser"
    case .browserStore: "Browser's certificate store"
    case .proxy: "Proxy settings"
    case .platformName: "Platform's name"
    case .platformConnect: "Connection to the platform"
    case .platformTLS: "Platform's TLS"
    case .login: "Login self-test"
    }
  }
}

extension Fact {
  var titleEN: String {
    switch self {
    case .locale: "locale"
    case .codeset: "codeset"
    case .terminal: "TERM"
    case .variable: "variable"
    case .distribution: "distribution"
    case .kernel: "kernel"
    case .architecture: "this computer"
    case .container: "container"
    case .session: "session"
    case .programVersion: "ukey version"
    case .libraryVersion: "package"
    case .device: "device"
    case .usbID: "USB id"
    case .interfaceClass: "interface class"
    case .node: "device node"
    case .kernelDriver: "kernel driver"
    case .source: "source of the facts"
    case .otherDevices: "other USB device"
    case .confidence: "confidence"
    case .path: "path"
    case .unit: "unit"
    case .listener: "listening process"
    case .process: "process"
    case .otherUser: "belongs to another user (program not visible)"
    case .version: "version"
    case .error: "error"
    case .mode: "mode"
    case .owner: "owner"
    case .polkit: "polkit"
    case .mountOption: "mount option"
    case .reader: "reader"
    case .atr: "ATR"
    case .label: "label"
    case .model: "manufacturer"
    case .keySerial: "key serial"
    case .family: "kind of key"
    case .profile: "PIN profile"
    case .remoteUnlock: "unlocking from afar"
    case .keys: "keys"
    case .file: "file"
    case .elf: "made for"
    case .exports: "exports"
    case .signal: "signal"
    case .application: "application"
    case .keyContainer: "container"
    case .certificate: "owner"
    case .role: "role"
    case .organization: "organisation"
    case .uscc: "USCC"
    case .serial: "certificate serial"
    case .notBefore: "not before"
    case .notAfter: "not after"
    case .daysLeft: "days left"
    case .keyUsage: "key usage"
    case .publicKey: "public key of certificate and key (= the same, ≠ another, - no private key)"
    case .revokedSince: "revoked since"
    case .issuer: "issuer"
    case .clockNow: "clock"
    case .clockReference: "compared with"
    case .triesLeft: "tries left"
    case .triesMax: "tries in all"
    case .defaultPIN: "default PIN"
    case .service: "service"
    case .port: "port"
    case .otherPort: "other local listener"
    case .answer: "answer"
    case .seconds: "seconds"
    case .browser: "browser"
    case .packaging: "packaging"
    case .store: "store"
    case .module: "module"
    case .proxy: "proxy"
    case .noProxy: "not by proxy"
    case .host: "host"
    case .address: "address"
    case .limit: "limit"
    case .resource: "resource limit"
    case .nameServer: "DNS server"
    case .algorithm: "algorithm"
    case .challenge: "challenge bytes"
    case .call: "page calls"
    case .permission: "user's answer"
    }
  }
}

extension DiagnosisPhrases {
  static let en = DiagnosisPhrases(
    allWell: "No broken link: everything looked at is well.", noFault: "No broken link.",
    firstFault: "First broken link", firstUnknown: "Not known", firstWarning: "Worth a look",
    notWhole: {
      "Not looked at in full: \(English.count($0, "link")) \($0 == 1 ? "is" : "are") not known. This does not mean that all is well."
    },
    complaint: "Complaint",
    explains: "the broken link is one that it hangs on.",
    elsewhere: "no link that it hangs on is broken; what is broken is elsewhere, and need not be its cause.",
    lookFirst: { "Look first at \"\($0)\": \($1)." },
    keeps: "what is broken keeps the links that it hangs on from being looked at: mend that first.",
    symptomWell: "no link that it hangs on is broken.", askSymptom: "What is the matter?",
    wholeChain: "everything", seeAll: " (--full shows everything)", alsoNamed: "Besides",
    moreBelow: { "… \($0) more: select the link below for what to do" }, cause: "Cause",
    remedy: "What to do",
    fix: "Command that repairs it", fixRoot: "For the administrator", chain: "The chain", facts: "Evidence",
    because: { "because of \"\($0)\"" }, seconds: { "\($0) s" }, report: "ukey diagnosis report", end: "END OF REPORT",
    redacted: "names, USCC, phone numbers, serials, network addresses and personal folders are shortened",
    full: "personal data is NOT removed",
    running: "checking", demo: "DEMO", documentation: "documentation",
    loginPassed: "The login self-test passed.",
    loginPassedMeans: "Key, PIN and certificate work here: a login can be signed with them.",
    loginNotProved:
      "Not proved: that the website takes this certificate (account, revocation), that browser and key service work. If it still does not let you in: the diagnosis (F4, ukey doctor), then ask the website.",
    yes: "yes", no: "no", roleSignature: "signature", roleEncryption: "encryption",
    roleAuthentication: "authentication",
    roleCardAuthentication: "card authentication", verdictWidth: 9, titleWidth: 30)
}
