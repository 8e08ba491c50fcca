internal import Base
package import CertificateKit
package import Failures
internal import Glibc
package import TokenKit
internal import UnlockKit

extension Failure {
  /// The passphrase does not open the authority's key (or the file is damaged, which looks the same).
  package var isPassphraseWrong: Bool { code == .issuer && causes.contains { $0.function == "passphrase" } }
}

/// A certificate authority with its key management, in one folder: for trying, teaching, and halls that certify only for
/// themselves. What it signs is worth what its root is worth, and says so in its name.
package struct PrivateAuthority: Sendable {
  /// Who signs where the key is in no file.
  package typealias Sign = ([UInt8]) throws(Failure) -> [UInt8]

  /// For authorities whose key is in a file, and for other issuers.
  package static func noSignature(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    throw Failure(.issuer, function: "sign")
  }

  package let certificate: Certificate
  /// `nil`: the key is in a token, and every signature is made there.
  private let key: SM2Key?
  private let folder: String
  /// Its key lies in a file that needs no passphrase.
  package let isOpen: Bool

  /// In every name that it makes.
  package static let label = "私有CA/测试 (private CA, test)"
  private static let keyFile = "authority.key"
  private static let certificateFile = "authority.pem"
  /// The shortest passphrase that a new key is put under.
  package static let shortestPassphrase = 8

  /// Makes a new one in a folder, which is made too: key under a passphrase (PKCS#8 in PEM, 0600), certificate of twenty years.
  ///
  /// - Throws: `UK-403` when the passphrase is too short, `UK-610` when there is one already, `UK-611`, `UK-901`.
  package static func make(
    _ givenFolder: String, name: String, now: Int64, passphrase: borrowing PIN
  ) throws(Failure) -> PrivateAuthority {
    guard passphrase.characterCount >= shortestPassphrase else {
      throw Failure(.pinRule, context: PINRule.tooShort(minimum: shortestPassphrase).name)
    }
    let folder = try prepare(givenFolder)
    let key = try SM2Key.generate()
    let certificate = try root(name, try key.publicKeyInfo(), now) { bytes throws(Failure) in try key.sign(bytes) }
    try write(try key.sealedPEM(passphrase), folder, keyFile, mode: 0o600)
    try write(Array(certificate.pem.utf8), folder, certificateFile, mode: 0o644)
    return PrivateAuthority(certificate: certificate, key: key, folder: folder, isOpen: false)
  }

  /// The same with a key that a token has made.
  ///
  /// - Parameter keep: puts the certificate beside the key.
  /// - Throws: also what the token answered.
  package static func make(
    _ givenFolder: String, name: String, now: Int64, key: PublicKeyInfo, sign: Sign,
    keep: (Certificate) throws(Failure) -> Void
  ) throws(Failure) -> PrivateAuthority {
    let folder = try prepare(givenFolder)
    let certificate = try root(name, key, now, sign)
    try keep(certificate)
    try write(Array(certificate.pem.utf8), folder, certificateFile, mode: 0o644)
    return PrivateAuthority(certificate: certificate, key: nil, folder: folder, isOpen: false)
  }

  /// Makes the folder, in which there must be none yet. - Throws: `UK-610`, `UK-611`.
  @discardableResult
  package static func prepare(_ givenFolder: String) throws(Failure) -> String {
    let folder = absolutePath(givenFolder)
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(folder))
    }
    for file in [keyFile, certificateFile] {
      var status = stat()
      if lstat(folder + "/" + file, &status) == 0 { throw Failure(.fileExists, context: displaySafe(folder)) }
    }
    return folder
  }

  private static func root(
    _ name: String, _ key: PublicKeyInfo, _ now: Int64, _ sign: Sign
  ) throws(Failure) -> Certificate {
    let own = CertificateDraft.name(country: "CN", organization: label, commonName: name)
    var draft = try CertificateDraft(
      issuer: own, subject: own, key: key, use: .authority, notBefore: now - 86_400,
      notAfter: now + 20 * 365 * 86_400)
    draft.signer = key.kind
    return try Certificate(der: draft.signed(try sign(draft.toBeSigned)))
  }

  private static func write(
    _ bytes: [UInt8], _ folder: String, _ file: String, mode: UInt32
  ) throws(Failure) {
    switch writeFile(bytes, to: folder + "/" + file, overwrite: false, mode: mode) {
    case .written: return
    case .exists: throw Failure(.fileExists, context: displaySafe(folder))
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }

  private init(certificate: Certificate, key: SM2Key?, folder: String, isOpen: Bool) {
    self.certificate = certificate
    self.key = key
    self.folder = folder
    self.isOpen = isOpen
  }

  /// The key is in a token: there is a certificate and no file with a key.
  package var isOnKey: Bool { key == nil }

  /// - Parameter passphrase: asked for where the key is under one.
  /// - Throws: `UK-542` when key or certificate cannot be used or do not belong together.
  package init(folder givenFolder: String, passphrase: () throws(Failure) -> PIN) throws(Failure) {
    folder = absolutePath(givenFolder)
    do throws(Failure) {
      let file = folder + "/" + Self.keyFile
      var status = stat()
      guard lstat(file, &status) == 0 else {
        let pem = try Failure.mapping(
          .issuer, try readFile(folder + "/" + Self.certificateFile, limit: 65_536, followsLinks: true))
        guard let der = PEM.certificates(in: pem).first ?? nil else { throw Failure(.certificateMalformed) }
        certificate = try Certificate(der: der)
        (key, isOpen) = (nil, false)
        return
      }
      certificate = try DeskCertificates.load(folder + "/" + Self.certificateFile)
      let loaded = try SM2Key.load(file, passphrase: passphrase)
      (key, isOpen) = (loaded.key, !loaded.isSealed)
      let message = Array("ukey-authority/1".utf8)
      try certificate.verify(try loaded.key.sign(message), of: message)
    } catch {
      guard error.code != .cancelled, error.code != .pinNotGiven else { throw error }
      throw Failure(.issuer, context: displaySafe(folder), causes: [error])
    }
  }

  /// Certifies the pair of an order under the name that it asks for, and for an SM2 pair makes the encryption pair beside it. A
  /// copy of that one's private key is kept, encrypted to the authority: what was encrypted to a lost key can be opened.
  ///
  /// - Parameters:
  ///   - days: validity.
  ///   - sign: signs where the key is in no file.
  /// - Returns: CSRResponse (GM/T 0092), DER.
  /// - Throws: `UK-542` for an SM2 pair by an authority of another kind, `UK-611`, `UK-901`, and what signing throws.
  package func issue(
    _ order: RenewalOrder, days: Int64, now: Int64, sign: Sign = noSignature
  ) throws(Failure) -> [UInt8] {
    let identity = order.old?.certificate.identityExtensions ?? []
    func signed(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
      if let key { return try key.sign(bytes) }
      let signature = try sign(bytes)
      try self.certificate.verify(signature, of: bytes)
      return signature
    }
    func certificate(_ key: PublicKeyInfo, _ use: CertificateDraft.Use) throws(Failure) -> [UInt8] {
      var draft = try CertificateDraft(
        issuer: try self.certificate.subjectName(), subject: order.csr.subject, key: key, use: use,
        notBefore: now - 600, notAfter: min(now + days * 86_400, self.certificate.validity.notAfter))
      draft.extensions = identity
      draft.signer = self.certificate.publicKey
      return draft.signed(try signed(draft.toBeSigned))
    }
    guard order.csr.key.kind == .sm2 else {
      return IssuedAnswer.response(signature: [try certificate(order.csr.key, .signature)], encryption: nil)
    }
    // The copy of the encryption key can be kept by an SM2 key alone.
    guard let point = try self.certificate.publicKeyInfo().point, self.certificate.publicKey == .sm2 else {
      throw Failure(.issuer, function: "SM2", context: self.certificate.publicKey.name)
    }
    let signature = try certificate(order.csr.key, .signature)
    let pair = try SM2Key.generate()
    let encryption = try certificate(try pair.publicKeyInfo(), .encryption)
    let kept = try pair.escrow(to: try SM2Key(point: [0x04] + point))
    let path = folder + "/" + order.numberText + ".escrow"
    if case .failed(let error) = writeFile(kept, to: path, overwrite: true, mode: 0o600) {
      throw Failure(.fileWrite, error)
    }
    return IssuedAnswer.response(
      signature: [signature], encryption: (encryption, try pair.enveloped(to: order.csr.key)))
  }
}
