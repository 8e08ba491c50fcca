extension Cause {
  /// The worst that a link is called for this cause: what it means for the exit code of a diagnosis that finds nothing worse.
  package var gravest: Verdict {
    switch self {
    case .localeNotGenerated, .localeNotUTF8, .terminalUnknown, .clockBehindCertificate, .clockAhead, .deviceUnlisted,
      .severalKeys, .encryptionMissing, .pairDiffers, .expiring, .issuerUnknown, .issuerDoubtful, .pinLastTry,
      .pinFewTries, .adminLocked, .pinDefault, .keyServiceAbsent, .keyServiceSystemOnly, .keyServiceOneBrowser,
      .browserAbsent, .browserSandboxed, .storeModuleMissing, .storeModuleForeign, .proxyScript, .proxySecure,
      .nameSlow:
      .warning
    case .timedOut, .cancelled, .noThread, .limitThreads, .limitDescriptors, .switchedOff, .noKnownKey, .cardSlow,
      .libraryAbsent, .platformNoRoots, .pageUnreadable, .pageCallsNothing, .pageExtensionUnread, .loginUntestable:
      .unknown
    case .notNeededDemo, .notNeededVendorKey, .notNeeded, .keyNotTold, .issuersNotNamed, .pinNotTold,
      .keyServiceUnknown, .loopbackNotAsked:
      .skipped
    default: .fault
    }
  }
}
