package import CertificateKit
package import LoginToken

/// What a page asks for, whichever protocol it speaks.
package enum Operation: Sendable, Equatable {
  /// Nothing but an answer: `true`.
  case ping
  /// Version of this service.
  case version
  /// Why the last operation of this session was refused.
  case lastRefusal
  /// What is not done, by name.
  case refuse(Refusal)

  // The keys
  case keyPresent
  case keys
  case device(key: String?, DeviceItem)
  /// - key: only of this one; `nil`: of all.
  case certificates(isEncryption: Bool, key: String?)
  case certificate(CertificateSelector)
  /// Of a certificate on a key.
  case certificateItem(CertificateSelector, CertificateItem)
  /// Of a certificate that the page brings.
  case parse([UInt8], CertificateItem)
  /// All of a certificate that the page brings.
  case describe([UInt8])
  /// Makes it the session's ``CertificateSelector/current``.
  case choose(CertificateSelector)
  case triesLeft(CertificateSelector)

  // With the PIN
  /// The page's "login": asks for the PIN, checks it, and keeps it for one signature.
  case unlock(CertificateSelector)
  case isUnlocked(CertificateSelector)
  case lock
  case sign(SigningRequest)
  case loginToken(CertificateSelector, Nonce)
  /// Opens the holder's own dialog for changing the PIN.
  case openPINChange

  // Without a key
  case verify(VerifyRequest)
  /// What a SignedData holds.
  case inspect([UInt8], SignedDataItem)
  case random(Int)
  case digest(DigestAlgorithm, [UInt8])
  /// Bytes or text turned into another form, for pages that leave that to the service.
  case echo([UInt8])
  case say(String)
}

package struct SigningRequest: Sendable, Equatable {
  package enum Form: Sendable, Equatable {
    /// As X.509 writes it: DER of r and s, PKCS#1.
    case bare
    /// r and s one after the other; PKCS#1 for RSA.
    case rs
    case signedData(isDetached: Bool)
  }

  package var selector: CertificateSelector
  package var data: [UInt8]
  package var form: Form

  package init(_ selector: CertificateSelector, _ data: [UInt8], _ form: Form) {
    self.selector = selector
    self.data = data
    self.form = form
  }
}

package struct VerifyRequest: Sendable, Equatable {
  package var signature: PlainSignature
  /// `nil`: what the SignedData carries.
  package var content: [UInt8]?

  package init(_ signature: PlainSignature, content: [UInt8]?) {
    self.signature = signature
    self.content = content
  }
}

package enum DeviceItem: Sendable, Equatable {
  case label
  case manufacturer
  case serial
  case hardwareVersion
  case firmwareVersion
  /// `HARD`: every key is a device of its own.
  case kind
}

package enum SignedDataItem: Sendable, Equatable {
  case content
  case signerCertificate
  case signature
}

extension Operation {
  /// What the origin has to be allowed; empty for what tells nothing of the holder.
  package var needs: Permissions {
    switch self {
    case .ping, .version, .lastRefusal, .refuse, .lock, .verify, .inspect, .random, .digest, .echo, .say, .parse,
      .describe:
      []
    case .keyPresent, .keys, .device, .certificates, .certificate, .certificateItem, .choose, .triesLeft, .isUnlocked:
      .read
    case .loginToken: .login
    case .unlock, .sign: .sign
    case .openPINChange: .read
    }
  }
}
