internal import Base
package import CertificateKit
package import Failures
internal import Glibc
internal import UnlockKit

/// A certificate authority with its key management, in one folder: for trying, teaching, and halls that certify only for
/// themselves. What it signs is worth what its root is worth, and says so in its name.
package struct PrivateAuthority: Sendable {
  package let certificate: Certificate
  private let key: SM2Key
  private let folder: String

  /// In every name that it makes.
  package static let label = "私有CA/测试 (private CA, test)"
  private static let keyFile = "authority.key"
  private static let certificateFile = "authority.pem"

  /// Makes a new one in a folder, which is made too: key in PEM (0600), certificate of twenty years.
  ///
  /// - Throws: `UK-610` when there is one already, `UK-611`, `UK-901`.
  package static func make(_ givenFolder: String, name: String, now: Int64) throws(Failure) -> PrivateAuthority {
    let folder = absolutePath(givenFolder)
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(folder))
    }
    let key = try SM2Key.generate()
    let own = CertificateDraft.name(country: "CN", organization: label, commonName: name)
    let draft = try CertificateDraft(
      issuer: own, subject: own, key: try key.publicKeyInfo(), use: .authority, notBefore: now - 86_400,
      notAfter: now + 20 * 365 * 86_400)
    let certificate = try Certificate(der: draft.signed(try key.sign(draft.toBeSigned)))
    let pem = try key.pem()
    // A PEM text is what a key file is; it lies beside the one that reads it and nowhere else.
    let written = pem.withBytes { bytes in
      writeFile(Array(bytes), to: folder + "/" + keyFile, overwrite: false, mode: 0o600)
    }
    for outcome in [
      written,
      writeFile(Array(certificate.pem.utf8), to: folder + "/" + certificateFile, overwrite: false, mode: 0o644),
    ] {
      switch outcome {
      case .written: continue
      case .exists: throw Failure(.fileExists, context: displaySafe(folder))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
    }
    return PrivateAuthority(certificate: certificate, key: key, folder: folder)
  }

  private init(certificate: Certificate, key: SM2Key, folder: String) {
    self.certificate = certificate
    self.key = key
    self.folder = folder
  }

  /// - Throws: `UK-542` when key or certificate cannot be used or do not belong together.
  package init(folder givenFolder: String) throws(Failure) {
    folder = absolutePath(givenFolder)
    do throws(Failure) {
      key = try SM2Key.load(folder + "/" + Self.keyFile)
      certificate = try DeskCertificates.load(folder + "/" + Self.certificateFile)
      let message = Array("ukey-authority/1".utf8)
      try certificate.verify(try key.sign(message), of: message)
    } catch {
      throw Failure(.issuer, context: displaySafe(folder), causes: [error])
    }
  }

  /// Certifies the pair of an order under the name that it asks for, and for an SM2 pair makes the encryption pair beside it. A
  /// copy of that one's private key is kept, encrypted to the authority: what was encrypted to a lost key can be opened.
  ///
  /// - Parameter days: validity.
  /// - Returns: CSRResponse (GM/T 0092), DER.
  /// - Throws: `UK-611`, `UK-901`.
  package func issue(_ order: RenewalOrder, days: Int64, now: Int64) throws(Failure) -> [UInt8] {
    let identity = order.old?.certificate.identityExtensions ?? []
    func certificate(_ key: PublicKeyInfo, _ use: CertificateDraft.Use) throws(Failure) -> [UInt8] {
      var draft = try CertificateDraft(
        issuer: try self.certificate.subjectName(), subject: order.csr.subject, key: key, use: use,
        notBefore: now - 600, notAfter: min(now + days * 86_400, self.certificate.validity.notAfter))
      draft.extensions = identity
      return draft.signed(try self.key.sign(draft.toBeSigned))
    }
    let signature = try certificate(order.csr.key, .signature)
    guard order.csr.key.kind == .sm2 else {
      return IssuedAnswer.response(signature: [signature], encryption: nil)
    }
    let pair = try SM2Key.generate()
    let kept = try pair.escrow(to: key)
    let path = folder + "/" + order.numberText + ".escrow"
    if case .failed(let error) = writeFile(kept, to: path, overwrite: true, mode: 0o600) {
      throw Failure(.fileWrite, error)
    }
    return IssuedAnswer.response(
      signature: [signature],
      encryption: (try certificate(try pair.publicKeyInfo(), .encryption), try pair.enveloped(to: order.csr.key)))
  }
}
