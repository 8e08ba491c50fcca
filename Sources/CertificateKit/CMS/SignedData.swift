/// A signed message with its certificates: CMS (RFC 5652) for RSA and ECDSA, GM/T 0010 for SM2. The two have one shape
/// and differ in object identifiers.
///
/// Built by ``SignedDataBuilder``; read by ``init(der:)``.
package struct SignedData: Sendable, Equatable {
  /// Whose object identifiers it carries.
  package enum Dialect: String, Sendable {
    /// PKCS#7 and CMS, 1.2.840.113549.1.7.
    case cms
    /// GM/T 0010, 1.2.156.10197.6.1.4.2. Some software calls it Q7.
    case gm
  }

  /// One signature of it.
  package struct Signer: Sendable, Equatable {
    /// The whole `Name`, DER.
    package var issuer: [UInt8]
    /// Content octets of the serial number.
    package var serial: [UInt8]
    /// Dotted object identifiers.
    package var digestAlgorithm: String
    package var signatureAlgorithm: String
    /// The signed attributes as they are signed (`SET OF`, tag 31); `nil` when the content itself is signed.
    package var signedAttributes: [UInt8]?
    /// Attributes `messageDigest` and `contentType`; `nil` when absent.
    package var messageDigest: [UInt8]?
    package var signedContentType: String?
    package var signature: [UInt8]
  }

  package var dialect: Dialect
  /// Dotted object identifier of what is signed.
  package var contentType: String
  /// `nil` in a detached signature.
  package var content: [UInt8]?
  /// DER of each certificate, as they stand.
  package var certificates: [[UInt8]]
  package var signers: [Signer]

  /// Largest input read, in bytes; certificates and signers kept.
  package static let limit = 1 << 20
  static let certificateLimit = 16
  static let signerLimit = 8
}

/// Object identifiers of the two dialects.
extension SignedData.Dialect {
  var signedData: String { self == .cms ? "1.2.840.113549.1.7.2" : "1.2.156.10197.6.1.4.2.2" }
  var data: String { self == .cms ? "1.2.840.113549.1.7.1" : "1.2.156.10197.6.1.4.2.1" }

  init?(signedData oid: String) {
    switch oid {
    case Self.cms.signedData: self = .cms
    case Self.gm.signedData: self = .gm
    default: return nil
    }
  }
}

enum AttributeOID {
  static let contentType = "1.2.840.113549.1.9.3"
  static let messageDigest = "1.2.840.113549.1.9.4"
}
