internal import Base
internal import CertificateKit
internal import Failures

extension P11PINTarget {
  /// Signs with the private key that has the CKA_ID of this certificate, and checks the result with it.
  func signature(
    _ session: UInt64, _ message: [UInt8], _ key: SigningKey, _ secrets: [UnsafeRawBufferPointer]
  ) throws(Failure) -> [UInt8] {
    guard let entry = try token.entries(session).first(where: { $0.certificate.value?.der == key.certificate.der })
    else {
      throw Failure(.keyChanged, function: P11Function.findObjects.symbol)
    }
    var found: UInt64?
    for object in try calls.objects(session, CK.classPrivateKey)
    where try calls.attribute(session, object, CK.attributeID) == entry.id {
      found = object
      break
    }
    guard let object = found else {
      throw Failure(.privateKeyMissing, function: P11Function.findObjects.symbol, context: hexText(entry.id))
    }
    let asksAgain = (try? calls.attribute(session, object, CK.attributeAlwaysAuthenticate)) == [1]
    let offered = try calls.mechanisms(token.slot)
    var last =
      Self.obstacle(key.certificate)
      ?? Failure(
        .keyKindUnusable, function: P11Function.signInit.symbol, context: key.certificate.publicKey.name)
    for form in try Self.forms(message, key.certificate.publicKey) where offered.contains(form.mechanism) {
      var handle: [UInt8] = []
      handle.append(littleEndian: object)
      do throws(Failure) {
        _ = try calls.call(.signInit, handle: session, number: form.mechanism, data: handle)
        // The PIN that has just been accepted, once more for this signature (CKA_ALWAYS_AUTHENTICATE).
        if asksAgain {
          let outcome = send(
            .login, session, CK.contextSpecific, secrets, .user, success: .verified, uncertain: .verify)
          guard outcome == .verified else { throw Failure(.libraryRefused, function: P11Function.login.symbol) }
        }
        let raw = try calls.call(.sign, handle: session, data: form.input).data
        let signature = form.isRS ? try Signature.der(fromRS: raw) : raw
        try key.certificate.verify(signature, of: message)
        return signature
      } catch {
        guard error.concernsItemOnly || error.code == .signatureInvalid, !asksAgain else { throw error }
        last = error
      }
    }
    throw last
  }

  private struct Form {
    var mechanism: UInt64
    var input: [UInt8]
    /// The answer is r ‖ s.
    var isRS = false
  }

  /// Why no mechanism of the standard signs with the key of this certificate.
  static func obstacle(_ certificate: Certificate) -> Failure? {
    switch certificate.publicKey {
    case .rsa, .ec, .ed25519: nil
    case .sm2, .other:
      Failure(.keyKindUnusable, function: P11Function.sign.symbol, context: certificate.publicKey.name)
    }
  }

  /// What a mechanism takes. PKCS#11 v2.40 has none for SM2; that for Ed25519 is of v3.0.
  private static func forms(_ message: [UInt8], _ key: PublicKey) throws(Failure) -> [Form] {
    switch key {
    case .rsa:
      let inputs = try Signature.rsaInputs(for: message)
      return [Form(mechanism: CK.sha256RSAPKCS, input: message)]
        + inputs.prefix(1).map { Form(mechanism: CK.rsaPKCS, input: $0) }
    case .ec(_, let bits):
      return [Form(mechanism: CK.ecdsa, input: try Signature.digest(of: message, bits: bits), isRS: true)]
    case .ed25519: return [Form(mechanism: CK.eddsa, input: message)]
    case .sm2, .other: return []
    }
  }
}
