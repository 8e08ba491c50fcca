package import Failures

extension SignedData {
  /// The certificate of its one signer, and that the signature fits it. Says nothing of trust or validity.
  ///
  /// - Parameter detached: the content of a detached signature; one that carries its content is checked against that,
  ///   and when both are there they have to be the same.
  /// - Returns: the signer's certificate and the digest used.
  /// - Throws: `UK-203` for a form that is not taken (no signer or several, no certificate, no content), `UK-430` when
  ///   something in it does not fit.
  package func verified(detached: [UInt8]? = nil) throws(Failure) -> (signer: Certificate, digest: DigestAlgorithm) {
    guard signers.count == 1, let signer = signers.first else { throw Self.malformed("\(signers.count) signers") }
    guard let content = content ?? detached else { throw Self.malformed("no content") }
    if let detached, content != detached {
      throw Failure(.signatureInvalid, function: "SignedData", context: "content")
    }
    guard let certificate = try certificate(of: signer) else { throw Self.malformed("no certificate") }
    guard let digest = DigestAlgorithm(oid: signer.digestAlgorithm) else {
      throw Self.malformed(signer.digestAlgorithm)
    }
    guard signer.fits(certificate.publicKey, digest) else { throw Self.malformed(signer.signatureAlgorithm) }
    if let attributes = signer.signedAttributes {
      guard let stated = signer.messageDigest, signer.signedContentType == contentType else {
        throw Self.malformed("signedAttrs")
      }
      guard stated == (try digest.digest(of: content)) else {
        throw Failure(.signatureInvalid, function: "SignedData", context: "messageDigest")
      }
      try certificate.verify(signer.signature, of: attributes, digest: digest)
    } else {
      try certificate.verify(signer.signature, of: content, digest: digest)
    }
    return (certificate, digest)
  }

  private func certificate(of signer: Signer) throws(Failure) -> Certificate? {
    for der in certificates {
      let certificate = try Certificate(der: der)
      let identity = try certificate.issuerAndSerial()
      if identity.issuer == signer.issuer, identity.serial == signer.serial { return certificate }
    }
    return nil
  }
}

extension SignedData.Signer {
  /// Whether the algorithms named go together with the key: an SM2 signature is made with SM3 and named by either of
  /// two identifiers; the others name the key or the pair.
  fileprivate func fits(_ key: PublicKey, _ digest: DigestAlgorithm) -> Bool {
    let names: [String] =
      switch (key, digest) {
      case (.sm2, .sm3): ["1.2.156.10197.1.301.1", "1.2.156.10197.1.501", "1.2.156.10197.1.301"]
      case (.rsa, .sha1): ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.5"]
      case (.rsa, .sha256): ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"]
      case (.rsa, .sha384): ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.12"]
      case (.rsa, .sha512): ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.13"]
      case (.ec, .sha1): ["1.2.840.10045.4.1"]
      case (.ec, .sha256): ["1.2.840.10045.4.3.2"]
      case (.ec, .sha384): ["1.2.840.10045.4.3.3"]
      case (.ec, .sha512): ["1.2.840.10045.4.3.4"]
      default: []
      }
    return names.contains(signatureAlgorithm)
  }
}
