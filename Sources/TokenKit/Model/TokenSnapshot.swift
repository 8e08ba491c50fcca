package import CertificateKit
package import Failures

/// The providers that are no library, by their names on the command line and in JSON.
package enum ProviderKind: String, Sendable {
  /// pcscd.
  case pcsc
  /// The embedded software token.
  case demo
  /// Keys on USB that no library here reaches: they are only named.
  case usb
}

/// Where a key is: the provider (a ``ProviderKind``, or `skf:PATH`, `pkcs11:PATH`) and the name of the reader there.
package struct TokenSource: Sendable, Hashable {
  package var provider: String
  package var reader: String

  package init(provider: String, reader: String) {
    self.provider = provider
    self.reader = reader
  }

  package init(_ kind: ProviderKind, reader: String) { self.init(provider: kind.rawValue, reader: reader) }

  /// `nil` for a library.
  package var kind: ProviderKind? { ProviderKind(rawValue: provider) }
}

/// Everything that a reading of a key found, at one moment, without a PIN.
package struct TokenSnapshot: Sendable, Equatable {
  package var source: TokenSource
  package var family: TokenFamily
  /// Answer to reset as the reader gave it.
  package var atr: [UInt8]
  package var device: DeviceInfo
  /// Name of the profile that governs PIN commands; `nil` when none matches and only reading is offered.
  package var profile: String?
  /// A PIV card is one application with a container a slot.
  package var applications: Reading<[ApplicationSnapshot]>
  /// `false` while parts are still being read.
  package var isComplete: Bool
  /// Other ways in which this same key is seen; not used, but named.
  package var alsoSeen: [TokenSource] = []
  /// How often the process of its library had to be started again since this program began.
  package var libraryRestarts = 0
  /// Whether the SKF library has the functions for unlocking by an answer from afar; `nil` for keys of other kinds.
  package var libraryUnlocksRemotely: Bool?

  package init(
    source: TokenSource, family: TokenFamily, atr: [UInt8], device: DeviceInfo, profile: String?,
    applications: Reading<[ApplicationSnapshot]>, isComplete: Bool = true
  ) {
    self.source = source
    self.family = family
    self.atr = atr
    self.device = device
    self.profile = profile
    self.applications = applications
    self.isComplete = isComplete
  }
}

/// What the key says of itself, stripped of padding.
package struct DeviceInfo: Sendable, Equatable {
  package var label: Reading<TokenName>
  package var manufacturer: Reading<TokenName>
  package var issuer: Reading<TokenName>
  /// 介质序列号.
  package var serial: Reading<TokenName>
  package var hardwareVersion: Reading<String>
  package var firmwareVersion: Reading<String>
  /// Bytes in all and free.
  package var totalSpace: Reading<UInt32>
  package var freeSpace: Reading<UInt32>

  package init(
    label: Reading<TokenName> = .notOffered, manufacturer: Reading<TokenName> = .notOffered,
    issuer: Reading<TokenName> = .notOffered, serial: Reading<TokenName> = .notOffered,
    hardwareVersion: Reading<String> = .notOffered, firmwareVersion: Reading<String> = .notOffered,
    totalSpace: Reading<UInt32> = .notOffered, freeSpace: Reading<UInt32> = .notOffered
  ) {
    self.label = label
    self.manufacturer = manufacturer
    self.issuer = issuer
    self.serial = serial
    self.hardwareVersion = hardwareVersion
    self.firmwareVersion = firmwareVersion
    self.totalSpace = totalSpace
    self.freeSpace = freeSpace
  }
}

/// One application (GM/T 0017) or the PIV application.
package struct ApplicationSnapshot: Sendable, Equatable {
  package var name: TokenName
  package var userPIN: Reading<PINStatus>
  /// Administrator PIN (GM/T 0017) or PUK (PIV).
  package var adminPIN: Reading<PINStatus>
  package var containers: Reading<[ContainerSnapshot]>

  package init(
    name: TokenName, userPIN: Reading<PINStatus>, adminPIN: Reading<PINStatus>,
    containers: Reading<[ContainerSnapshot]>
  ) {
    self.name = name
    self.userPIN = userPIN
    self.adminPIN = adminPIN
    self.containers = containers
  }
}

/// A container with its one or two certificates; in PIV a slot.
package struct ContainerSnapshot: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case empty
    case rsa
    case sm2
    case ec
    /// Another value, kept.
    case unknown(UInt8)
  }

  package enum Role: String, Sendable, CaseIterable {
    /// 签名证书: used for login.
    case signature
    /// 加密证书.
    case encryption
    /// PIV 9A.
    case authentication
    /// PIV 9E.
    case cardAuthentication
    /// A CA's certificate that the key carries beside its own.
    case authority
  }

  package struct Entry: Sendable, Equatable {
    package var role: Role
    package var certificate: Reading<Certificate>
    /// What the key itself calls it (CKA_LABEL), beside the name of its container.
    package var label: TokenName?
    /// Whether the private key beside the certificate is its own.
    package var key: KeyFit

    package init(
      role: Role, certificate: Reading<Certificate>, label: TokenName? = nil, key: KeyFit = .notTold
    ) {
      self.role = role
      self.certificate = certificate
      self.label = label
      self.key = key
    }
  }

  /// Container name; for PIV the slot as two hex digits (`9A`).
  package var name: TokenName
  package var kind: Reading<Kind>
  /// Certificates that are there or could not be read; one that the key says is absent is listed as `.absent`
  /// only for GM/T 0017, where a pair is expected. An empty PIV slot has no container.
  package var entries: [Entry]
  /// Why this program cannot have its private key sign, as far as that is known without a PIN.
  package var signingObstacle: Failure?
  /// What a PIV card itself calls the algorithm of a key for which the standard has no identifier.
  package var toldAlgorithm: UInt8?

  /// Its name, and behind it what the key calls this certificate, where that says more: `0A (签名证书)`. Safe to show.
  package func title(of entry: Entry) -> String {
    guard let label = entry.label, label != name else { return displaySafe(name) }
    return displaySafe(name) + " (" + displaySafe(label) + ")"
  }

  package init(
    name: TokenName, kind: Reading<Kind>, entries: [Entry], signingObstacle: Failure? = nil,
    toldAlgorithm: UInt8? = nil
  ) {
    self.name = name
    self.kind = kind
    self.entries = entries
    self.signingObstacle = signingObstacle
    self.toldAlgorithm = toldAlgorithm
  }
}
