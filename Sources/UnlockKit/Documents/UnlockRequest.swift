public import TokenKit

/// A request to the certificate authority: what the key says of itself without a PIN, what the person adds, and a fresh
/// challenge where the key has one. Never a PIN.
public struct UnlockRequest: Sendable, Equatable {
  public static let format: StaticString = "ukey.unlock-request"
  public static let version = 1
  /// Certificates listed at most.
  public static let certificateLimit = 16

  /// The key as it names itself.
  public struct Key: Sendable, Equatable {
    public var serial: String?
    public var label: String?
    public var manufacturer: String?
    public var issuer: String?
    public var hardwareVersion: String?
    public var firmwareVersion: String?
    public var family: String
    public var profile: String?
    /// Answer to reset.
    public var atr: [UInt8]

    public init(
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

  /// One certificate on the key.
  public struct CertificateFacts: Sendable, Equatable {
    public var role: String
    public var container: String
    /// Lower-case hexadecimal.
    public var serial: String
    public var issuer: String
    public var subject: String
    /// CN, or what stands for it.
    public var owner: String
    public var uscc: String?
    /// The field that the code came from.
    public var usccSource: String?
    public var notBefore: Int64
    public var notAfter: Int64

    public init(
      role: String, container: String, serial: String, issuer: String, subject: String, owner: String, uscc: String?,
      usccSource: String?, notBefore: Int64, notAfter: Int64
    ) {
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
  public struct Tries: Sendable, Equatable {
    public var left: Int?
    public var maximum: Int?
    public var isLocked: Bool

    public init(left: Int?, maximum: Int?, isLocked: Bool) {
      self.left = left
      self.maximum = maximum
      self.isLocked = isLocked
    }
  }

  public var kind: UnlockKind
  /// Seconds since 1970-01-01 UTC.
  public var created: Int64
  /// Name and version of the program that made it.
  public var program: String
  public var key: Key
  public var application: String
  /// `nil` when the key does not say.
  public var userPIN: Tries?
  public var adminPIN: Tries?
  public var certificates: [CertificateFacts]
  public var challenge: UnlockChallenge?
  public var applicant: Applicant

  public init(
    kind: UnlockKind, created: Int64, program: String, key: Key, application: String, userPIN: Tries?,
    adminPIN: Tries?, certificates: [CertificateFacts], challenge: UnlockChallenge?, applicant: Applicant
  ) {
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

  /// Whose key it is: the owner in the signature certificate, else in the first.
  public var owner: String? { mainCertificate?.owner }
  /// The credit code that the person gave, else that of the certificate.
  public var uscc: String? { applicant.uscc.isEmpty ? mainCertificate?.uscc : applicant.uscc }

  public var mainCertificate: CertificateFacts? {
    certificates.first { $0.role == "signature" } ?? certificates.first { $0.role == "authentication" }
      ?? certificates.first
  }
}
