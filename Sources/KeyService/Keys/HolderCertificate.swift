internal import Base
package import CertificateKit
package import TokenKit

/// A certificate on a key that is in now, and the way to its private key.
package struct HolderCertificate: Sendable, Equatable {
  package var source: TokenSource
  /// Serial of the key, else its reader: what tells keys apart for a page.
  package var keyID: String
  package var key: SigningKey
  package var role: ContainerSnapshot.Role
  /// Whether it logs in: ``CertificatePlace/isForLogin``.
  package var isForSigning: Bool

  package init(
    source: TokenSource, keyID: String, key: SigningKey, role: ContainerSnapshot.Role, isForSigning: Bool
  ) {
    self.source = source
    self.keyID = keyID
    self.key = key
    self.role = role
    self.isForSigning = isForSigning
  }

  package var certificate: Certificate { key.certificate }
  /// What a page names it by: the first 16 bytes of its fingerprint in lower-case hexadecimal.
  package var id: String { lowerHexText(Array(((try? certificate.fingerprint(.sha256)) ?? []).prefix(16))) }
  /// Serial number as pages write it, without colons, upper case.
  package var serial: String { hexText(certificate.serial) }
  package var reference: PINReference {
    PINReference(application: key.application, role: .user, keySerial: key.keySerial)
  }
}

/// A key that is in now, as far as a page may know it.
package struct KeySummary: Sendable, Equatable {
  package var id: String
  package var label: String
  package var manufacturer: String
  package var hardwareVersion: String
  package var firmwareVersion: String
  package var family: TokenFamily
}

/// Which certificate a page means.
package struct CertificateSelector: Sendable, Equatable {
  package enum Name: Sendable, Equatable {
    /// The one chosen in this session, else the first on the first key.
    case current
    /// ``HolderCertificate/id``.
    case id(String)
    /// Serial number in hexadecimal, colons and case apart.
    case serial(String)
    /// The one chosen in this session when it is on this key, else the first on it.
    case key(String)
    /// On this key, by its place among its certificates for this use.
    case place(key: String, Int)
  }

  package var name: Name
  /// The encryption certificate that belongs to it instead of the signature certificate.
  package var isEncryption: Bool

  package init(_ name: Name, isEncryption: Bool = false) {
    self.name = name
    self.isEncryption = isEncryption
  }

  package static let current = CertificateSelector(.current)
}
