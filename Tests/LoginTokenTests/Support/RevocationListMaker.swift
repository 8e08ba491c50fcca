import CertificateKit
import SoftToken

/// A CRL written by hand (RFC 5280 §5.1) and signed with the key of the site's CA.
enum RevocationListMaker {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    switch content.count {
    case 0..<128: [tag, UInt8(content.count)] + content
    case 128..<256: [tag, 0x81, UInt8(content.count)] + content
    default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }
  }

  /// - Parameters:
  ///   - next: UTCTime of the next list; `nil` leaves it out.
  ///   - extensions: `[0]` with the list of extensions, as it stands.
  static func make(
    _ site: Site, revoked: [[UInt8]], next: String? = "300101000000Z", extensions: [UInt8] = []
  ) throws -> [UInt8] {
    let issuer = try site.holder.issuerAndSerial().issuer
    let oid: [UInt8] =
      switch site.key.kind {
      case .sm2: [0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x75]
      case .rsa2048: [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B]
      case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
      case .p384: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
      // 1.3.101.112
      case .ed25519: [0x06, 0x03, 0x2B, 0x65, 0x70]
      }
    let algorithm = element(0x30, oid)
    let time = element(0x17, Array("260101000000Z".utf8))
    let entries = revoked.flatMap { element(0x30, element(0x02, $0) + time) }
    let body = element(
      0x30,
      [0x02, 0x01, 0x01] + algorithm + issuer + time + (next.map { element(0x17, Array($0.utf8)) } ?? [])
        + (entries.isEmpty ? [] : element(0x30, entries)) + extensions)
    return element(0x30, body + algorithm + element(0x03, [0] + (try site.caKey.sign(body))))
  }
}
