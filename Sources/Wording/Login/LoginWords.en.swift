extension LoginWords {
  /// English.
  static let en = LoginWords(
    title: "Login self-test",
    certificate: "Certificate",
    noCertificate: "no signature certificate to log in with on the key",
    hiddenCertificate: "(to be seen after the PIN only)",
    noProfile: "no PIN profile: --provider skf:PATH",
    asking: "Checking the certificate, reading the tries left…",
    pinHint: "The PIN that you log in with",
    ready: "Complete; Enter begins the self-test",
    willTry:
      "The key signs once with this PIN and the certificate checks it; no website is contacted, nothing on the key changes. A wrong PIN costs a try.",
    doNotRemove: "Do not remove the key; wait for the result.",
    notTried: "not tried",
    serviceRuns: "The key service runs: the page's login button is answered",
    serviceMissing: "The key service is not running: nothing answers the page's button",
    brokenAt: { "The login self-test did not pass: \($0)" },
  )
}
