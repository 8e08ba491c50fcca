internal import CertificateKit
internal import Failures
internal import SmartCard

extension GMCommands {
  /// ECCSignData, `80 74 02`, over the digest e; RSASignData, `80 58 02`.
  ///
  /// Whether a token adds the DigestInfo of PKCS#1 itself is not known, so what comes back is checked with the
  /// certificate and the other form is tried when it does not fit; signing costs no try.
  func sign(
    _ card: borrowing CardTransaction, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    let container = try application.openContainer(card, name: key.container.bytes)
    switch key.certificate.publicKey {
    case .sm2:
      let digest = try key.certificate.sm2Digest(of: message)
      return try signSM2(card, digest: digest, place: application.id + container) { signature throws(Failure) in
        try key.certificate.verify(signature, of: message)
      }
    case .rsa(let bits):
      var last = Failure(.notSupported, function: "RSASignData")
      for input in try Signature.rsaInputs(for: message) {
        let answer = try card.send(
          CommandAPDU(cla: 0x80, ins: 0x58, p1: 0x02, data: application.id + container + input, le: bits / 8),
          form: .extended)
        guard answer.status.isSuccess else {
          last = .refused("RSASignData", answer.status)
          continue
        }
        do throws(Failure) {
          try key.certificate.verify(answer.data, of: message)
          return answer.data
        } catch {
          last = error
        }
      }
      throw last
    case .ec, .other:
      throw Failure(.notSupported, function: "sign", context: key.certificate.signatureAlgorithm)
    }
  }

  /// - Parameters:
  ///   - place: AppID and ContainerID.
  ///   - check: what proves that the signature is right.
  func signSM2(
    _ card: borrowing CardTransaction, digest: [UInt8], place: [UInt8],
    check: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    let answer = try card.send(
      CommandAPDU(cla: 0x80, ins: 0x74, p1: 0x02, data: place + digest, le: 68), form: .extended)
    guard answer.status.isSuccess else { throw .refused("ECCSignData", answer.status) }
    guard answer.data.count >= 64 else {
      throw Failure(.answerMalformed, function: "ECCSignData", context: "\(answer.data.count)")
    }
    // Key length in bits, then r and s; a token may leave the length out.
    let signature = try Signature.der(fromRS: Array(answer.data.suffix(64)))
    try check(signature)
    return signature
  }
}
