internal import COpenSSL
package import Failures

/// A certificate revocation list (RFC 5280 §5) of one issuer, complete or refused: delta and partitioned lists do not
/// answer the question asked of it.
///
/// Unchecked because nothing changes it after `init` and OpenSSL guards its own caches.
package final class RevocationList: @unchecked Sendable {
  /// What the list says of one certificate.
  package enum Verdict: Sendable, Equatable {
    case notListed
    /// Since this second, and why (RFC 5280 §5.3.1), where the list says it.
    case revoked(since: Int64?, reason: Int?)
    /// It is another issuer's list.
    case otherIssuer
  }

  /// Seconds since 1970-01-01 UTC.
  package let thisUpdate: Int64
  /// `nil` when the list does not say when the next one comes.
  package let nextUpdate: Int64?
  private let pointer: OpaquePointer
  private let signedPart: [UInt8]
  private let signature: [UInt8]
  private let signatureAlgorithm: String

  /// Largest list read, in bytes.
  package static let limit = 64 << 20

  /// - Parameter bytes: DER or one PEM block `X509 CRL`.
  /// - Throws: `UK-310` when it is no list, or one with critical extensions (delta, partitioned).
  package init(_ bytes: [UInt8]) throws(Failure) {
    guard bytes.count <= Self.limit else { throw Failure(.trustDirectory, function: "CRL", context: "\(bytes.count)") }
    let der = PEM.block("X509 CRL", in: bytes) ?? bytes
    guard let parts = Self.parts(der) else { throw Failure(.trustDirectory, function: "CRL") }
    (signedPart, signature, signatureAlgorithm) = parts
    let pointer = try OpenSSL.call("d2i_X509_CRL", code: .trustDirectory) { () -> OpaquePointer? in
      der.withUnsafeBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return d2i_X509_CRL(nil, &cursor, buffer.count)
      }
    }
    for index in 0..<max(0, X509_CRL_get_ext_count(pointer)) {
      guard let item = X509_CRL_get_ext(pointer, index), X509_EXTENSION_get_critical(item) == 1 else { continue }
      let oid = dottedOID(X509_EXTENSION_get_object(item))
      X509_CRL_free(pointer)
      throw Failure(.trustDirectory, function: "CRL", context: oid)
    }
    guard let start = unixSeconds(X509_CRL_get0_lastUpdate(pointer)) else {
      X509_CRL_free(pointer)
      throw Failure(.trustDirectory, function: "CRL", context: "thisUpdate")
    }
    thisUpdate = start
    nextUpdate = unixSeconds(X509_CRL_get0_nextUpdate(pointer))
    self.pointer = pointer
  }

  deinit { X509_CRL_free(pointer) }

  /// That the issuer's key signed the list. Asked once, when the list is loaded.
  ///
  /// - Throws: `UK-430` when it did not.
  package func checkSignature(of issuer: Certificate) throws(Failure) {
    guard let digest = Self.digest(of: signatureAlgorithm) else {
      throw Failure(.signatureInvalid, function: "CRL", context: signatureAlgorithm)
    }
    try issuer.verify(signature, of: signedPart, digest: digest)
  }

  /// Whether this subject is the issuer of the list.
  package func isIssued(by issuer: Certificate) throws(Failure) -> Bool {
    let handle = try X509Handle(der: issuer.der, isKeyless: true)
    defer { withExtendedLifetime(handle) {} }
    return X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(handle.pointer)) == 0
  }

  package func verdict(on certificate: Certificate) throws(Failure) -> Verdict {
    let handle = try X509Handle(der: certificate.der, isKeyless: true)
    defer { withExtendedLifetime(handle) {} }
    guard X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_issuer_name(handle.pointer)) == 0 else {
      return .otherIssuer
    }
    var entry: OpaquePointer?
    let found = X509_CRL_get0_by_serial(pointer, &entry, X509_get_serialNumber(handle.pointer))
    // 2: removed from the list again (only in delta lists, which are refused).
    guard found == 1, let entry else { return .notListed }
    var reason: Int?
    if let code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil) {
      let number = code.assumingMemoryBound(to: ASN1_STRING.self)
      reason = contentBytes(number).last.map(Int.init)
      ASN1_STRING_free(number)
    }
    return .revoked(since: unixSeconds(X509_REVOKED_get0_revocationDate(entry)), reason: reason)
  }

  /// What is signed, the signature and its algorithm.
  private static func parts(_ der: [UInt8]) -> (signed: [UInt8], signature: [UInt8], algorithm: String)? {
    var outer = DERReader(der[...])
    guard let list = outer.next(tag: 0x30) else { return nil }
    var parts = DERReader(list)
    guard parts.next(tag: 0x30) != nil else { return nil }
    let signed = Array(list[..<parts.rest.startIndex])
    var algorithm = DERReader(parts.next(tag: 0x30) ?? [])
    guard let oid = algorithm.next(tag: 0x06).flatMap(dottedOID(content:)), let bits = parts.next(tag: 0x03),
      bits.first == 0, parts.rest.isEmpty
    else { return nil }
    return (signed, Array(bits.dropFirst()), oid)
  }

  private static func digest(of algorithm: String) -> DigestAlgorithm? {
    switch algorithm {
    case "1.2.156.10197.1.501": .sm3
    case "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2": .sha256
    case "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3": .sha384
    case "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4": .sha512
    // SHA-1 is not taken: whoever forges a list revives revoked certificates.
    default: nil
    }
  }
}
