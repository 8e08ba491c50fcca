package import TokenKit

/// A request to the certificate authority: what the key says of itself without a PIN, its certificates, what the person
/// adds, and where the key can be unlocked by file the key that answers are sealed to. Never a PIN.
///
/// Format 1, which named certificates without having them and held a challenge that lived as long as the key was left in,
/// is read and no longer written.
package struct UnlockRequest: Sendable, Equatable {
  package static let format: StaticString = "ukey.unlock-request"
  package static let version = 2
  static let versions = 1...2
  /// Certificates listed at most.
  package static let certificateLimit = 16

  /// The key as it names itself.
  package struct Key: Sendable, Equatable {
    package var serial: String?
    package var label: String?
    package var manufacturer: String?
    package var issuer: String?
    package var hardwareVersion: String?
    package var firmwareVersion: String?
    package var family: String
    package var profile: String?
    /// Answer to reset.
    package var atr: [UInt8]

    package init(
      serial: String?, label: String?, manufacturer: String?, issuer: String?, hardwareVersion: String?,
      firmwareVersion: String?, family: String, profile: String?, atr: [UInt8]
    ) {
      self.serial = serial
      self.label = label
      self.manufacturer = manufacturer
      self.issuer = issuer
      self.hardwareVersion = hardwareVersion
      self.firmwareVersion = firmwareVersion
      self.family = family
      self.profile = profile
      self.atr = atr
    }
  }

  /// One certificate on the key, in its own words.
  package struct CertificateFacts: Sendable, Equatable {
    /// The certificate itself; `nil` in format 1, which only says what stands in it.
    package var der: [UInt8]?
    package var role: String
    package var container: String
    /// Lower-case hexadecimal.
    package var serial: String
    package var issuer: String
    package var subject: String
    /// CN, or what stands for it.
    package var owner: String
    package var uscc: String?
    /// The field that the code came from.
    package var usccSource: String?
    package var notBefore: Int64
    package var notAfter: Int64

    package init(
      role: String, container: String, serial: String, issuer: String, subject: String, owner: String, uscc: String?,
      usccSource: String?, notBefore: Int64, notAfter: Int64, der: [UInt8]? = nil
    ) {
      self.der = der
      self.role = role
      self.container = container
      self.serial = serial
      self.issuer = issuer
      self.subject = subject
      self.owner = owner
      self.uscc = uscc
      self.usccSource = usccSource
      self.notBefore = notBefore
      self.notAfter = notAfter
    }
  }

  /// The state of a PIN.
  package struct Tries: Sendable, Equatable {
    package var left: Int?
    package var maximum: Int?
    package var isLocked: Bool

    package init(left: Int?, maximum: Int?, isLocked: Bool) {
      self.left = left
      self.maximum = maximum
      self.isLocked = isLocked
    }
  }

  package var kind: UnlockKind
  /// Seconds since 1970-01-01 UTC.
  package var created: Int64
  /// Name and version of the program that made it.
  package var program: String
  package var key: Key
  package var application: String
  /// `nil` when the key does not say.
  package var userPIN: Tries?
  package var adminPIN: Tries?
  /// The one that the request is about comes first, see ``mainCertificate``.
  package var certificates: [CertificateFacts]
  /// Of format 1 only.
  package var challenge: UnlockChallenge?
  /// The public key of SM2, 04 ‖ X ‖ Y, that answers are sealed to; `nil` where the key cannot be unlocked by file.
  package var waitingKey: [UInt8]?
  package var applicant: Applicant
  /// Of the document that it was read from.
  package var version: Int

  package init(
    kind: UnlockKind, created: Int64, program: String, key: Key, application: String, userPIN: Tries?,
    adminPIN: Tries?, certificates: [CertificateFacts], challenge: UnlockChallenge? = nil, waitingKey: [UInt8]? = nil,
    applicant: Applicant, version: Int = Self.version
  ) {
    self.version = version
    self.waitingKey = waitingKey
    self.kind = kind
    self.created = created
    self.program = program
    self.key = key
    self.application = application
    self.userPIN = userPIN
    self.adminPIN = adminPIN
    self.certificates = certificates
    self.challenge = challenge
    self.applicant = applicant
  }

  /// Whose certificate it is about.
  package var owner: String? { mainCertificate?.owner }
  /// The credit code that the person gave, else that of the certificate.
  package var uscc: String? { applicant.uscc.isEmpty ? mainCertificate?.uscc : applicant.uscc }

  /// The certificate that the request is about: the first. Programs of format 1 named them in the key's order; there it is
  /// the first for signing.
  package var mainCertificate: CertificateFacts? {
    guard version == 1 else { return certificates.first }
    return certificates.first { $0.role == "signature" } ?? certificates.first { $0.role == "authentication" }
      ?? certificates.first
  }

  /// Whether it belongs to the certificate that the request is about: itself, or the other of its pair.
  package func isConcerned(_ facts: CertificateFacts) -> Bool {
    facts.container == mainCertificate?.container && facts.owner == mainCertificate?.owner
  }
}
