public import CertificateKit
public import Failures

/// One thing that was to be read: its value, or why there is none. A missing item is shown as missing, not hidden.
///
/// Equatable by extension, not by requirement: the runtime would look that up for each kind of value it meets, among all
/// conformances of the program, at every start.
public enum Reading<Value: Sendable>: Sendable {
  case value(Value)
  /// The key says that it does not have it.
  case absent
  /// This kind of key has no such thing.
  case notOffered
  case failed(Failure)

  public var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  public var failure: Failure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}

extension Reading: Equatable where Value: Equatable {}

/// Where a key is: the provider (`pcsc`, `demo`, later `skf:PATH`, `pkcs11:PATH`) and the name of the reader there.
public struct TokenSource: Sendable, Hashable {
  public var provider: String
  public var reader: String

  public init(provider: String, reader: String) {
    self.provider = provider
    self.reader = reader
  }
}

/// What kind of key it is, by the driver that recognised it.
public enum TokenFamily: String, Sendable {
  /// GM/T 0017 token reached by APDUs.
  case gmt0017
  /// NIST SP 800-73-4 PIV card.
  case piv
  /// A key behind its maker's SKF library (GM/T 0016).
  case skf
  /// A token behind a PKCS#11 module.
  case pkcs11
}

/// Everything that a reading of a key found, at one moment, without a PIN.
public struct TokenSnapshot: Sendable, Equatable {
  public var source: TokenSource
  public var family: TokenFamily
  /// Answer to reset as the reader gave it.
  public var atr: [UInt8]
  public var device: DeviceInfo
  /// Name of the profile that governs PIN commands; `nil` when none matches and only reading is offered.
  public var profile: String?
  /// A PIV card is one application with a container a slot.
  public var applications: Reading<[ApplicationSnapshot]>
  /// `false` while parts are still being read.
  public var isComplete: Bool
  /// Other ways in which this same key is seen; not used, but named.
  public var alsoSeen: [TokenSource] = []
  /// How often the process of its library had to be started again since this program began.
  public var libraryRestarts = 0

  public init(
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

/// What the key says of itself. Strings are decoded and stripped of padding; display escapes control characters.
public struct DeviceInfo: Sendable, Equatable {
  public var label: Reading<String>
  public var manufacturer: Reading<String>
  public var issuer: Reading<String>
  /// 介质序列号.
  public var serial: Reading<String>
  public var hardwareVersion: Reading<String>
  public var firmwareVersion: Reading<String>
  /// Bytes in all and free.
  public var totalSpace: Reading<UInt32>
  public var freeSpace: Reading<UInt32>

  public init(
    label: Reading<String> = .notOffered, manufacturer: Reading<String> = .notOffered,
    issuer: Reading<String> = .notOffered, serial: Reading<String> = .notOffered,
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
public struct ApplicationSnapshot: Sendable, Equatable {
  public var name: String
  public var userPIN: Reading<PINStatus>
  /// Administrator PIN (GM/T 0017) or PUK (PIV).
  public var adminPIN: Reading<PINStatus>
  public var containers: Reading<[ContainerSnapshot]>

  public init(
    name: String, userPIN: Reading<PINStatus>, adminPIN: Reading<PINStatus>,
    containers: Reading<[ContainerSnapshot]>
  ) {
    self.name = name
    self.userPIN = userPIN
    self.adminPIN = adminPIN
    self.containers = containers
  }
}

/// The state of a PIN as the key tells it without being given one.
public struct PINStatus: Sendable, Equatable {
  /// `nil` when the key does not say.
  public var triesMax: Int?
  /// 0 means locked; `nil` when the key does not say (a PIV card whose PIN is already verified, for example).
  public var triesLeft: Int?
  public var isLocked: Bool
  /// Still the factory default; `nil` when the key does not say.
  public var isDefault: Bool?
  /// Someone verified it in this power cycle; a PIV card then does not tell the tries.
  public var isVerified: Bool
  /// This kind of key never tells a number, and says nothing of few being left: not knowing is then no warning.
  public var isUncounted = false

  /// What it takes to try now.
  public var consentNeeded: TryConsent { isUncounted ? .normal : .needed(triesLeft: triesLeft) }

  public init(triesMax: Int?, triesLeft: Int?, isLocked: Bool, isDefault: Bool?, isVerified: Bool = false) {
    self.isVerified = isVerified
    self.triesMax = triesMax
    self.triesLeft = triesLeft
    self.isLocked = isLocked
    self.isDefault = isDefault
  }
}

/// A container with its one or two certificates; in PIV a slot.
public struct ContainerSnapshot: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case empty
    case rsa
    case sm2
    case ec
    /// Another value, kept.
    case unknown(UInt8)
  }

  public enum Role: String, Sendable, CaseIterable {
    /// 签名证书: used for login.
    case signature
    /// 加密证书.
    case encryption
    /// PIV 9A.
    case authentication
    /// PIV 9E.
    case cardAuthentication
  }

  public struct Entry: Sendable, Equatable {
    public var role: Role
    public var certificate: Reading<Certificate>

    public init(role: Role, certificate: Reading<Certificate>) {
      self.role = role
      self.certificate = certificate
    }
  }

  /// Container name; for PIV the slot as two hex digits (`9A`).
  public var name: String
  public var kind: Reading<Kind>
  /// Certificates that are there or could not be read; one that the key says is absent is listed as `.absent`
  /// only for GM/T 0017, where a pair is expected. An empty PIV slot has no container.
  public var entries: [Entry]

  public init(name: String, kind: Reading<Kind>, entries: [Entry]) {
    self.name = name
    self.kind = kind
    self.entries = entries
  }
}
