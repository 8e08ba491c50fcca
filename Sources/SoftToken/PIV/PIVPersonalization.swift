package import Failures

/// What a card is delivered with.
extension PIVCard {
  /// Puts any bytes into a data object: the content of tag 53, or nil to take the object away.
  ///
  /// - Parameter tag: the object's BER-TLV tag, 5FC102 … .
  /// - Throws: `UK-620` when the state cannot be stored.
  package func personalize(object tag: UInt32, content: [UInt8]?) throws(Failure) {
    guard change({ $0.objects[tag] = content }) else { throw Failure(.softTokenState, context: "PIV object") }
  }

  /// Puts a certificate into the object of a slot (9A, 9C, 9D, 9E, 82…95), compressed by ``PIVCardSettings/gzip``, and
  /// its key beside it when given.
  ///
  /// - Throws: `UK-220` when PIV has no such slot or key kind, `UK-620` when the state cannot be stored.
  package func personalize(slot: UInt8, certificate: [UInt8], key: IssuedCertificate? = nil) throws(Failure) {
    guard let tag = PIVObject.certificate(of: slot) else { throw Failure(.notSupported, context: "PIV slot") }
    let content = try PIVObject.certificateContent(certificate, gzip: settings.gzip)
    var entry: PIVState.Key?
    if let key {
      guard let algorithm = PIVKey.algorithm(key.keyKind) else {
        throw Failure(.notSupported, context: key.keyKind.rawValue)
      }
      entry = PIVState.Key(algorithm: algorithm, pkcs8: key.privateKey)
    }
    let isSaved = change { state in
      state.objects[tag] = content
      if let entry { state.keys[slot] = entry }
      let retired = PIVObject.retiredSlots.filter { slot in
        PIVObject.certificate(of: slot).map { state.objects[$0] != nil } ?? false
      }
      state.objects[PIVObject.keyHistory] = PIVObject.keyHistoryContent(onCard: retired.count)
    }
    guard isSaved else { throw Failure(.softTokenState, context: "PIV certificate") }
  }

  package func personalize(slot: UInt8, _ issued: IssuedCertificate) throws(Failure) {
    try personalize(slot: slot, certificate: issued.certificate, key: issued)
  }

  /// Gives the card its CHUID and card capability container.
  ///
  /// - Parameter guid: 16 bytes that tell cards apart.
  package func personalizeIdentity(guid: [UInt8]) throws(Failure) {
    try personalize(object: PIVObject.chuid, content: PIVObject.chuidContent(guid: guid))
    let identifier = Array((guid + [UInt8](repeating: 0, count: 14)).prefix(14))
    try personalize(object: PIVObject.cardCapabilityContainer, content: PIVObject.cardCapabilityContent(id: identifier))
  }

  /// The demonstration card: an invented employee's certificates in 9A (P-256), 9C (RSA-2048), 9D and 9E (P-256).
  ///
  /// - Parameter now: Unix time in seconds; the certificates began a month before it and end in a year.
  /// - Throws: `UK-901`, `UK-620`.
  package func personalizeDemo(now: Int64) throws(Failure) {
    let day: Int64 = 86_400
    let authority = try TestCA.make(kind: .p256)
    func content(_ kind: TestKeyKind, _ usage: TestCertificate.Usage) -> TestCertificate {
      TestCertificate.organization(
        name: GMSample.company, uscc: GMSample.companyCode, keyKind: kind, usage: usage,
        notBefore: now - 30 * day, notAfter: now + 365 * day + day / 2)
    }
    try personalizeIdentity(guid: try PIVCipher.random(16))
    for slot in settings.slots {
      switch slot {
      case 0x9C:
        let key = try DemoRSAKey.holder.pkcs8()
        try personalize(slot: slot, try authority.issue(content(.rsa2048, .signature), privateKey: key))
      case 0x9D: try personalize(slot: slot, try authority.issue(content(.p256, .encryption)))
      case 0x9E: try personalize(slot: slot, try authority.issue(content(.p256, .custom("critical,digitalSignature"))))
      default: try personalize(slot: slot, try authority.issue(content(.p256, .signature)))
      }
    }
  }
}

extension PIVCard {
  /// The demonstration card, in memory or with its state in a directory: personalized when the directory is new, as it
  /// was left otherwise (then ``PIVCardSettings/gzip`` and ``PIVCardSettings/tries`` no longer matter).
  ///
  /// - Parameter now: Unix time in seconds.
  /// - Throws: `UK-620`, `UK-901`.
  package static func demo(
    settings: PIVCardSettings = PIVCardSettings(), directory: String? = nil, now: Int64
  ) throws(Failure) -> PIVCard {
    let store: any StateStore =
      if let directory { try DirectoryStore(directory: directory, name: "piv") } else { MemoryStore() }
    return try PIVCard(settings: settings, store: store) { (card) throws(Failure) in
      try card.personalizeDemo(now: now)
    }
  }
}
