internal import CertificateKit
internal import LoginToken

/// The arguments of one call, by name.
struct SOAPArguments: Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  /// The first of these names that is there.
  func text(_ names: String...) throws(Refusal) -> String {
    for name in names { if let text = values[name], !text.isEmpty { return text } }
    throw .malformed
  }

  func number(_ name: String) throws(Refusal) -> Int { try Texts.number(values[name]) }

  func data(_ names: String...) throws(Refusal) -> [UInt8] {
    for name in names { if let text = values[name], !text.isEmpty { return try Texts.base64(text) } }
    throw .malformed
  }

  /// A certificate: base64 of its base64.
  func certificate(_ name: String) throws(Refusal) -> [UInt8] {
    try Texts.base64(String(decoding: try data(name), as: UTF8.self))
  }

  func selector(isEncryption: Bool = false) throws(Refusal) -> CertificateSelector {
    CertificateSelector(.serial(try text("signSN")), isEncryption: isEncryption)
  }

  /// - Parameter byName: the certificate is named; else it is the session's.
  func signing(_ isMessage: Bool, byName: Bool = false) throws(Refusal) -> Operation {
    let selector = byName ? try selector() : .current
    let form: SigningRequest.Form =
      isMessage ? .signedData(isDetached: try number("bDetach") != 0) : .bare
    return .sign(SigningRequest(selector, try data("inData"), form))
  }

  /// A signature over something, with its certificate beside it.
  func verification() throws(Refusal) -> Operation {
    let signature = PlainSignature.bare(
      try data("signData", "signedData"), certificate: try certificate("certData"), digest: nil)
    return .verify(VerifyRequest(signature, content: try data("inData")))
  }

  func messageVerification() throws(Refusal) -> Operation {
    let content = values["inData"].map { $0.isEmpty } ?? true ? nil : try data("inData")
    return .verify(VerifyRequest(.signedData(try data("signedData", "signData")), content: content))
  }

  /// GM/T 0006 does not number these: 1 content, 2 certificate, 3 signature.
  func inspection() throws(Refusal) -> Operation {
    let items: [Int: SignedDataItem] = [1: .content, 2: .signerCertificate, 3: .signature]
    guard let item = items[try number("nType")] else { throw .notSupported }
    return .inspect(try data("signedData"), item)
  }
}
