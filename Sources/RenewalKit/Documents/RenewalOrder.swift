internal import Base
package import CertificateKit
package import Failures
internal import StrictJSON
package import UnlockKit

/// What a holder sends for a new certificate on a key: the request for it (PKCS#10), signed by the pair that the key has made,
/// and a statement of whose it is, signed by the old certificate's key. Format: `Docs/renewal.md`.
package struct RenewalOrder: Sendable, Equatable {
  package static let format: StaticString = "ukey.renewal-order"
  package static let version = 1
  /// The ending of its file.
  package static let ending = ".ukord"
  /// Bytes of the number by which holder and issuer know it.
  package static let numberSize = 8

  package var number: [UInt8]
  package var kind: UnlockKind
  /// Seconds since 1970-01-01 UTC.
  package var created: Int64
  package var keySerial: String
  /// Where on the key the pair is; text for the eye.
  package var application: String
  package var container: String
  package var csr: CertificateRequest
  /// SM3 of the request for the business (`.ukreq`) that goes with it; `nil`: there is none.
  package var request: [UInt8]?
  /// The certificate that is renewed, and its key's signature over ``statement``; `nil` for a new key that has none.
  package var old: (certificate: Certificate, signature: [UInt8])?

  package init(
    number: [UInt8], kind: UnlockKind, created: Int64, keySerial: String, application: String, container: String,
    csr: CertificateRequest, request: [UInt8]?, old: (certificate: Certificate, signature: [UInt8])? = nil
  ) {
    self.number = number
    self.kind = kind
    self.created = created
    self.keySerial = keySerial
    self.application = application
    self.container = container
    self.csr = csr
    self.request = request
    self.old = old
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.number == right.number && left.kind == right.kind && left.created == right.created
      && left.keySerial == right.keySerial && left.application == right.application
      && left.container == right.container && left.csr == right.csr && left.request == right.request
      && left.old?.certificate == right.old?.certificate && left.old?.signature == right.old?.signature
  }

  package var numberText: String { lowerHexText(number) }

  /// What the old certificate's key signs: eight lines, each ended by a line feed. - Throws: `UK-901`.
  package func statement() throws(Failure) -> [UInt8] {
    let lines = [
      "ukey-renewal/1", "order " + numberText, "kind " + kind.rawValue, "key " + keySerial,
      "container " + container, "csr " + lowerHexText(try Digest.sm3(csr.der)),
      "request " + (request.map(lowerHexText) ?? "-"), "time \(created)",
    ]
    return Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// The document to write. - Throws: `UK-901`.
  package func sealed() throws(Failure) -> SealedDocument {
    try SealedDocument(sealing: [
      ("format", .string("\(Self.format)")), ("version", .int(Self.version)), ("order", .string(numberText)),
      ("kind", .string(kind.rawValue)), ("created", .int(Int(created))), ("keySerial", .string(keySerial)),
      ("application", .string(application)), ("container", .string(container)),
      ("csr", .string(Base64.encode(csr.der))), ("request", request.map { .string(lowerHexText($0)) }),
      ("certificate", old.map { .string(Base64.encode($0.certificate.der)) }),
      ("signature", old.map { .string(Base64.encode($0.signature)) }),
    ])
  }

  /// Reads an order's bytes and checks both signatures in it: the request's by its own key, the statement's by the old
  /// certificate. Who issued that is another question.
  ///
  /// - Throws: `UK-501` to `UK-503` for the file, `UK-530` for the request in it, `UK-430` when that is not signed by its
  ///   key, `UK-540` when the statement is not signed by the old certificate.
  package static func parse(_ bytes: [UInt8]) throws(Failure) -> (order: RenewalOrder, document: SealedDocument) {
    var (document, reader, _) = try SealedDocument.open(bytes, format: format, versions: version...version)
    // In the order of the keys.
    let application = try reader.text("application", limit: 256)
    let certificate = try reader.base64("certificate", limit: 16_384)
    let container = try reader.text("container", limit: 64)
    let created = try reader.time("created")
    guard let csr = try reader.base64("csr", limit: CertificateRequest.limit) else {
      throw Failure(.unlockFileMalformed, context: "csr")
    }
    try reader.skip("digest")
    try reader.skip("format")
    let keySerial = try reader.text("keySerial", limit: 128)
    let kind = try reader.choice("kind", UnlockKind.self)
    let number = try reader.bytes("order", count: numberSize...numberSize)
    let request = try reader.optionalBytes("request", count: 32...32)
    let signature = try reader.base64("signature", limit: 2048)
    try reader.skip("version")
    try reader.finish()
    // Lines of the statement are told apart by line feeds.
    guard ![keySerial, container].contains(where: { $0.utf8.contains { $0 < 0x20 } }) else {
      throw Failure(.unlockFileMalformed, context: "keySerial")
    }
    var order = RenewalOrder(
      number: number, kind: kind, created: created, keySerial: keySerial, application: application,
      container: container, csr: try CertificateRequest(der: csr), request: request)
    guard (certificate == nil) == (signature == nil), kind != .unlock, kind == .reissue || certificate != nil else {
      throw Failure(.orderForged, context: "signature")
    }
    if let der = certificate, let signature {
      let old = try Certificate(der: der)
      do throws(Failure) {
        try old.verify(signature, of: try order.statement())
      } catch {
        throw error.code == .signatureInvalid ? Failure(.orderForged, causes: [error]) : error
      }
      order.old = (old, signature)
    }
    return (order, document)
  }
}

extension MemberReader {
  /// Canonical base64; `nil` when the member is missing.
  mutating func base64(_ key: StaticString, limit: Int) throws(Failure) -> [UInt8]? {
    guard let text = try optionalText(key, limit: limit * 4 / 3 + 4) else { return nil }
    guard let bytes = Base64.decode(text.utf8), Base64.encode(bytes) == text, bytes.count <= limit else {
      throw Failure(.unlockFileMalformed, context: "\(key)")
    }
    return bytes
  }
}
