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
    if let obstacle = Self.obstacle(key.certificate) { throw obstacle }
    return try signature(session, message, id: entry.id, key.certificate.publicKey, secrets) {
      made throws(Failure) in try key.certificate.verify(made, of: message)
    }
  }

  /// - Parameters:
  ///   - id: CKA_ID of the private key.
  ///   - check: what proves that a signature is right.
  func signature(
    _ session: UInt64, _ message: [UInt8], id: [UInt8], _ kind: PublicKey, _ secrets: [UnsafeRawBufferPointer],
    check: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    guard let object = try signingKey(session, id) else {
      throw Failure(.privateKeyMissing, function: P11Function.findObjects.symbol, context: hexText(id))
    }
    let asksAgain = (try? calls.attribute(session, object, CK.attributeAlwaysAuthenticate)) == [1]
    // Without the PIN at hand nothing is begun that would ask for it: an empty one could cost a try.
    if asksAgain, secrets.isEmpty, !hasPINPad {
      throw Failure(.renewalNotOffered, function: P11Function.sign.symbol, context: "CKA_ALWAYS_AUTHENTICATE")
    }
    let offered = try calls.mechanisms(token.slot)
    var met: Failure?
    // An empty list says nothing of what the token can.
    for form in try Self.forms(message, kind) where offered.isEmpty || offered.contains(form.mechanism) {
      var handle: [UInt8] = []
      handle.append(littleEndian: object)
      do throws(Failure) {
        _ = try calls.call(.signInit, handle: session, number: form.mechanism, data: handle)
        // The PIN that has just been accepted, once more for this signature (CKA_ALWAYS_AUTHENTICATE).
        if asksAgain {
          let outcome = send(
            .login, session, CK.contextSpecific, secrets, .user, success: .verified, uncertain: .verify)
          guard outcome == .verified else {
            let refusal = Self.failure(outcome)
            // The login itself was accepted before: it is the signature that fails.
            throw Failure(
              refusal.code, function: P11Function.sign.symbol, number: refusal.number, context: refusal.context,
              causes: [refusal])
          }
        }
        let raw = try calls.call(.sign, handle: session, data: form.input).data
        let signature = form.isRS ? try Signature.der(fromRS: raw) : raw
        try check(signature)
        return signature
      } catch {
        guard error.concernsItemOnly || error.code == .signatureInvalid, !asksAgain else { throw error }
        // What the first form met with is what to tell, unless the second form was signed and wrong.
        if met == nil || error.code == .signatureInvalid { met = error }
      }
    }
    throw met ?? Failure(.keyKindUnusable, function: P11Function.signInit.symbol, context: kind.name)
  }

  /// Why a PIN that has just been accepted was not once more.
  private static func failure(_ outcome: PINOutcome) -> Failure {
    switch outcome {
    case .refused(let failure), .unknown(_, let failure), .notSent(.failure(let failure)): failure
    default: Failure(.libraryRefused, function: P11Function.login.symbol)
    }
  }

  func privateKey(_ session: UInt64, _ id: [UInt8]) throws(Failure) -> UInt64? {
    // One that does not tell its CKA_ID hides no other.
    for object in try calls.objects(session, CK.classPrivateKey)
    where try token.optional(session, object, CK.attributeID) == id {
      return object
    }
    return nil
  }

  /// The same; one that alone does not tell its CKA_ID can be it: the signature shows whether it is.
  private func signingKey(_ session: UInt64, _ id: [UInt8]) throws(Failure) -> UInt64? {
    if let told = try privateKey(session, id) { return told }
    var untold: [UInt64] = []
    for object in try calls.objects(session, CK.classPrivateKey)
    where try token.optional(session, object, CK.attributeID) == nil {
      untold.append(object)
    }
    guard untold.count > 1 else { return untold.first }
    throw Failure(.libraryRefused, function: P11Function.getAttributeValue.symbol, context: "CKA_ID")
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
