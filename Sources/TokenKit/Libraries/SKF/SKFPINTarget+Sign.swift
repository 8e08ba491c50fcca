internal import CertificateKit
internal import Failures

extension SKFPINTarget {
  /// Signs with the container that holds this certificate and checks the result with it.
  func signature(
    _ application: SKFCalls.Handle, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    let container = try calls.open(.openContainer, application, key.container.bytes)
    defer { calls.close(.closeContainer, container) }
    switch key.certificate.publicKey {
    case .sm2:
      // 7.6.17 takes e. A library that hashes with Z once more gives the right signature over the message itself.
      let inputs = [try key.certificate.sm2Digest(of: message), message]
      return try signature(container, .eccSignData, inputs) { made throws(Failure) in
        try key.certificate.verify(made, of: message)
      }
    case .rsa:
      return try signature(container, .rsaSignData, try Signature.rsaInputs(for: message)) { made throws(Failure) in
        try key.certificate.verify(made, of: message)
      }
    case .ec, .other: throw Failure(.notSupported, function: "sign", context: key.certificate.signatureAlgorithm)
    }
  }

  /// - Parameters:
  ///   - inputs: the forms that libraries want, the likeliest first.
  ///   - check: what proves that a signature is right.
  func signature(
    _ container: SKFCalls.Handle, _ function: SKFFunction, _ inputs: [[UInt8]],
    check: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var last = Failure(.signatureInvalid, function: function.symbol)
    for input in inputs where input.count <= HostRequest.dataLimit {
      do throws(Failure) {
        let answer = try calls.call(function, handle: container, data: input).data
        let signature = function == .eccSignData ? try Self.der(eccBlob: answer) : answer
        try check(signature)
        return signature
      } catch {
        guard error.concernsItemOnly || error.code == .signatureInvalid else { throw error }
        // What the first form met with is what to tell, unless the second form was signed and wrong.
        if last.number == nil || error.code == .signatureInvalid { last = error }
      }
    }
    throw last
  }

  /// ECCSIGNATUREBLOB: r and s, each right-aligned in 64 bytes.
  private static func der(eccBlob blob: [UInt8]) throws(Failure) -> [UInt8] {
    guard blob.count == 128, blob[..<32].allSatisfy({ $0 == 0 }), blob[64..<96].allSatisfy({ $0 == 0 }) else {
      throw Failure(.answerMalformed, function: SKFFunction.eccSignData.symbol, context: "\(blob.count)")
    }
    return try Signature.der(fromRS: Array(blob[32..<64] + blob[96..<128]))
  }
}
