/// What a piece of evidence is about. The raw value is the name in JSON; people see the words.
package enum Fact: String, Sendable, CaseIterable {
  case locale, codeset, terminal, variable
  case distribution, kernel, architecture, container, session, programVersion, libraryVersion
  case device, usbID, interfaceClass, node, kernelDriver, source, otherDevices, confidence
  case path, unit, listener, process, otherUser, version, error, mode, owner, polkit, mountOption
  case reader, atr, label, model, keySerial, family, profile, remoteUnlock, keys
  case file, elf, exports, signal
  case application, keyContainer, certificate, role, organization, uscc, serial, notBefore, notAfter, daysLeft
  case keyUsage, issuer, revokedSince
  /// `=` when the private key is that of the certificate, `≠` when it is another's, `-` when there is none.
  case publicKey
  case clockNow, clockReference
  case triesLeft, triesMax, defaultPIN
  case service, port, otherPort, answer, seconds
  case browser, packaging, store, module
  case proxy, noProxy, host, address, nameServer
  case limit, resource, algorithm, challenge
  /// What a page calls on this computer; what a browser's user has answered to a page that asked to.
  case call, permission
}
