internal import Base
internal import CertificateKit
internal import Failures

/// A new certificate on a token behind a PKCS#11 module: C_GenerateKeyPair and C_CreateObject as the user, under a CKA_ID of
/// its own. RSA and P-256; the standard knows no SM2 and no way to bring an encryption pair that an authority made.
extension P11Token: RenewalToken {
  func offer() throws(Failure) -> RenewalOffer {
    try calls.caller.session { () throws(Failure) in
      if try calls.tokenInfo(slot).isWriteProtected {
        throw Failure(.renewalNotOffered, function: "CKF_WRITE_PROTECTED")
      }
      let offered = try calls.mechanisms(slot)
      var kinds: [RenewalKeyKind] = []
      if offered.contains(CK.ecPairGeneration), offered.contains(CK.ecdsa) { kinds.append(.p256) }
      if offered.contains(CK.rsaPairGeneration), offered.contains(CK.sha256RSAPKCS) || offered.contains(CK.rsaPKCS) {
        kinds.append(.rsa2048)
      }
      guard !kinds.isEmpty else {
        throw Failure(
          .renewalNotOffered, function: P11Function.generateKeyPair.symbol, context: calls.caller.library.name)
      }
      return RenewalOffer(
        kinds: kinds, takesEncryptionPair: false,
        basis: .library(interface: "PKCS#11", name: calls.caller.library.name),
        namesAreNumbers: true)
    }
  }

  func withRenewalTarget<Value>(_ body: (any PINTarget) throws(Failure) -> Value) throws(Failure) -> Value {
    try calls.caller.session { () throws(Failure) in
      try body(P11PINTarget(self, try calls.tokenInfo(slot), writes: true))
    }
  }
}

extension P11PINTarget: RenewalSession {
  /// OBJECT IDENTIFIER prime256v1, DER.
  private static let p256: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
  private static let label = Array("ukey".utf8)

  /// A container is what has one CKA_ID, by which it is also called.
  var hasContainers: Bool { false }

  private func opened() throws(Failure) -> UInt64 {
    guard let session else { throw Failure(.internalError, function: "renewal") }
    return session
  }

  /// Names are CKA_IDs in hexadecimal, see ``P11Token``; a certificate without one is called otherwise.
  private func id(_ name: TokenName) throws(Failure) -> [UInt8] {
    guard let id = bytes(hex: name.text.lowercased()), !id.isEmpty else {
      throw Failure(.renewalNotOffered, function: "CKA_ID", context: displaySafe(name))
    }
    return id
  }

  private func objects(_ kind: UInt64, _ id: [UInt8]) throws(Failure) -> [UInt64] {
    let session = try opened()
    var found: [UInt64] = []
    for object in try calls.objects(session, kind)
    where (try? calls.attribute(session, object, CK.attributeID)) == id {
      found.append(object)
    }
    return found
  }

  func checkRoom(for bytes: Int) throws(Failure) {}

  func container(_ name: TokenName) throws(Failure) -> RenewalContainer? {
    let id = try id(name)
    let hasPair = try !objects(CK.classPrivateKey, id).isEmpty
    for kind in [CK.classPublicKey, CK.classCertificate] where !hasPair {
      if try !objects(kind, id).isEmpty {
        return RenewalContainer(hasSignaturePair: false, hasEncryptionPair: false)
      }
    }
    return hasPair ? RenewalContainer(hasSignaturePair: true, hasEncryptionPair: false) : nil
  }

  func createContainer(_ name: TokenName) throws(Failure) {}

  func generate(_ kind: RenewalKeyKind, in container: TokenName) throws(Failure) {
    let id = try id(container)
    let common = [
      P11Attribute(CK.attributeToken, true), P11Attribute(CK.attributeID, id),
      P11Attribute(CK.attributeLabel, Self.label),
    ]
    let mechanism: UInt64
    var publicKey = common + [P11Attribute(CK.attributeVerify, true)]
    switch kind {
    case .p256:
      mechanism = CK.ecPairGeneration
      publicKey.append(P11Attribute(CK.attributeECParameters, Self.p256))
    case .rsa2048:
      mechanism = CK.rsaPairGeneration
      publicKey += [
        P11Attribute(CK.attributeModulusBits, number: 2048), P11Attribute(CK.attributeExponent, [0x01, 0x00, 0x01]),
      ]
    case .sm2: throw Failure(.renewalNotOffered, context: kind.rawValue)
    }
    let privateKey =
      common + [
        P11Attribute(CK.attributePrivate, true), P11Attribute(CK.attributeSensitive, true),
        P11Attribute(CK.attributeExtractable, false), P11Attribute(CK.attributeSign, true),
      ]
    try make(
      .generateKeyPair, number: mechanism,
      data: [UInt8(clamping: publicKey.count)] + P11Attribute.write(publicKey + privateKey))
  }

  /// Objects on the token. - Throws: `UK-536` when it has no room for them; what it answered otherwise.
  private func make(_ function: P11Function, number: UInt64 = 0, data: [UInt8]) throws(Failure) {
    do throws(Failure) {
      _ = try calls.call(function, handle: try opened(), number: number, data: data)
    } catch {
      guard error.number == .ckr(UInt(CKR.deviceMemory)) else { throw error }
      throw Failure(.renewalRoom, function: error.function, number: error.number, context: error.context)
    }
  }

  func publicKey(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> PublicKeyInfo? {
    let (session, id) = (try opened(), try id(container))
    // A public key alone proves no pair.
    guard role != .encryption, try privateKey(session, id) != nil,
      let object = try objects(CK.classPublicKey, id).first
    else { return nil }
    if let modulus = try? calls.attribute(session, object, CK.attributeModulus), !modulus.isEmpty {
      return try PublicKeyInfo(
        modulus: modulus, exponent: try calls.attribute(session, object, CK.attributeExponent))
    }
    // The point stands in an OCTET STRING, or bare where a module does not follow §6.3.3 of v2.40.
    let point = try calls.attribute(session, object, CK.attributePoint)
    guard point.count == 65 || point.count == 67, point[point.count - 65] == 0x04 else {
      throw Failure(.answerMalformed, function: P11Function.getAttributeValue.symbol, context: "\(point.count)")
    }
    return try PublicKeyInfo(p256: Array(point.suffix(64)))
  }

  func sign(_ message: [UInt8], in container: TokenName, by key: PublicKeyInfo) throws(Failure) -> [UInt8] {
    try signature(try opened(), message, id: try id(container), key.kind, lentSecrets) { made throws(Failure) in
      try key.verify(made, of: message)
    }
  }

  func sign(_ message: [UInt8], with key: SigningKey) throws(Failure) -> [UInt8] {
    try signature(try opened(), message, key, lentSecrets)
  }

  func importPair(_ pair: EnvelopedKey, in container: TokenName) throws(Failure) {
    throw Failure(.answerPair, function: "PKCS#11")
  }

  func importCertificate(
    _ certificate: Certificate, _ role: ContainerSnapshot.Role, in container: TokenName
  ) throws(Failure) {
    let attributes = [
      P11Attribute(CK.attributeClass, number: CK.classCertificate), P11Attribute(CK.attributeToken, true),
      P11Attribute(CK.attributePrivate, false), P11Attribute(CK.attributeCertificateType, number: 0),
      P11Attribute(CK.attributeID, try id(container)), P11Attribute(CK.attributeLabel, Self.label),
      P11Attribute(CK.attributeSubject, try certificate.subjectName()),
      P11Attribute(CK.attributeValue, certificate.der),
    ]
    try make(.createObject, data: P11Attribute.write(attributes))
  }

  func certificate(_ role: ContainerSnapshot.Role, in container: TokenName) throws(Failure) -> [UInt8]? {
    let id = try id(container)
    guard role != .encryption else { return nil }
    return try token.entries(try opened()).first { $0.id == id }?.certificate.value?.der
  }

  func opens(_ key: PublicKeyInfo, in container: TokenName) throws(Failure) -> Bool? { nil }

  func deleteContainer(_ name: TokenName) throws(Failure) {
    let id = try id(name)
    for kind in [CK.classPrivateKey, CK.classPublicKey, CK.classCertificate] {
      for object in try objects(kind, id) {
        _ = try calls.call(.destroyObject, handle: try opened(), number: object)
      }
    }
  }
}
