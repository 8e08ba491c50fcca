internal import CertificateKit
internal import Failures

extension SKFPINTarget {
  /// Signs with the container that holds this certificate and checks the result with it.
  func signature(
    _ application: SKFCalls.Handle, _ message: [UInt8], _ key: SigningKey
  ) throws(Failure) -> [UInt8] {
    let container = try calls.open(.openContainer, application, key.container.bytes)
    defer { calls.close(.closeContainer, container) }
    let function: SKFFunction
    let inputs: [[UInt8]]
    switch key.certificate.publicKey {
    case .sm2:
      function = .eccSignData
      // 7.6.17 takes e. A library that hashes with Z once more gives the right signature over the message itself.
      inputs = [try key.certificate.sm2Digest(of: message), message]
    case .rsa:
      function = .rsaSignData
      inputs = try Signature.rsaInputs(for: message)
    case .ec, .other: throw Failure(.notSupported, function: "sign", context: key.certificate.signatureAlgorithm)
    }
    var last = Failure(.signatureInvalid, function: function.symbol)
    for input in inputs where input.count <= HostRequest.dataLimit {
      do throws(Failure) {
        let answer = try calls.call(function, handle: container, data: input).data
        let signature = function == .eccSignData ? try Self.der(eccBlob: answer) : answer
        try key.certificate.verify(signature, of: message)
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
