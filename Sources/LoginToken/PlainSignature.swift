package import CertificateKit
internal import Failures

/// A signature without a word about who it is for, as pages of the common vendors send it.
package enum PlainSignature: Sendable, Equatable {
  /// The signature alone, with the certificate beside it: PKCS#1 v1.5 for RSA; r and s in DER or one after the other for
  /// SM2 and ECDSA.
  case bare([UInt8], certificate: [UInt8], digest: DigestAlgorithm?)
  /// SignedData of GM/T 0010, PKCS#7 or CMS, DER; with or without the content.
  case signedData([UInt8])

  package struct Verified: Sendable, Equatable {
    package var signer: Certificate
    package var digest: DigestAlgorithm
    /// Other certificates that came along.
    package var links: [Certificate]
  }

  /// Whether `content` was signed, and by whom. Trust, validity and challenge are other questions.
  package func verify(content: [UInt8]) throws(LoginRefusal) -> Verified {
    switch self {
    case .bare(let signature, let der, let digest):
      let certificate: Certificate
      do throws(Failure) { certificate = try Certificate(der: der) } catch { throw .certificateMalformed }
      let used = digest ?? DigestAlgorithm(for: certificate.publicKey)
      guard (certificate.publicKey == .sm2) == (used == .sm3) else { throw .algorithm }
      do throws(Failure) {
        try certificate.verify(try Self.der(signature, certificate.publicKey), of: content, digest: used)
      } catch {
        throw error.code == .crypto ? .certificateMalformed : .signatureWrong
      }
      return Verified(signer: certificate, digest: used, links: [])
    case .signedData(let bytes): return try Self.verify(bytes, content)
    }
  }

  private static func verify(_ bytes: [UInt8], _ content: [UInt8]) throws(LoginRefusal) -> Verified {
    let message: SignedData
    do throws(Failure) {
      message = try SignedData(der: bytes)
    } catch {
      throw .malformed(detail: error.context ?? "SignedData")
    }
    if let carried = message.content, carried != content { throw .contentDiffers }
    do throws(Failure) {
      let verified = try message.verified(detached: content)
      var links: [Certificate] = []
      for der in message.certificates where der != verified.signer.der { links.append(try Certificate(der: der)) }
      return Verified(signer: verified.signer, digest: verified.digest, links: links)
    } catch {
      switch error.code {
      case .signatureInvalid: throw .signatureWrong
      case .certificateMalformed, .certificateTooLarge: throw .certificateMalformed
      default: throw .malformed(detail: error.context ?? "SignedData")
      }
    }
  }

  /// r and s one after the other become DER; what begins as DER of the whole length is left.
  private static func der(_ signature: [UInt8], _ key: PublicKey) throws(Failure) -> [UInt8] {
    let size: Int
    switch key {
    case .sm2: size = 64
    case .ec(_, let bits): size = (bits + 7) / 8 * 2
    case .rsa, .other: return signature
    }
    guard signature.count == size else { return signature }
    // DER of two numbers can be as short by rare chance: then its header says so.
    if signature[0] == 0x30, Int(signature[1]) == size - 2, signature[2] == 0x02 { return signature }
    return try Signature.der(fromRS: signature)
  }
}
