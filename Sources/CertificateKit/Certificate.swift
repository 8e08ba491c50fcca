internal import Base
internal import Failures

/// One X.509 certificate as read from a key: the facts that the screen shows, and the DER they came from.
///
/// Made by ``init(der:)`` (see `Certificate+Parse.swift`); the memberwise initialiser serves tests of the screens.
package struct Certificate: Sendable, Equatable {
  /// The encoding as the key gave it, without padding behind it.
  package var der: [UInt8]
  package var subject: DistinguishedName
  package var issuer: DistinguishedName
  /// Serial number, big-endian, as in the certificate (may carry a leading 00).
  package var serial: [UInt8]
  package var validity: Validity
  package var publicKey: PublicKey
  /// Signature algorithm as the trade names it (`SM3withSM2`, `SHA256withRSA`), or the dotted OID when unknown.
  package var signatureAlgorithm: String
  /// `nil` when the extension is absent.
  package var keyUsage: KeyUsage?
  /// Dotted OIDs; empty when the extension is absent.
  package var extendedKeyUsage: [String]
  /// A CA's, by its basic constraints and its key usage: nobody logs in with it.
  package var isAuthority: Bool
  /// `nil` when none was found.
  package var uscc: USCCFinding?

  package init(
    der: [UInt8], subject: DistinguishedName, issuer: DistinguishedName, serial: [UInt8], validity: Validity,
    publicKey: PublicKey, signatureAlgorithm: String, keyUsage: KeyUsage?, extendedKeyUsage: [String] = [],
    isAuthority: Bool = false, uscc: USCCFinding? = nil
  ) {
    self.der = der
    self.subject = subject
    self.issuer = issuer
    self.serial = serial
    self.validity = validity
    self.publicKey = publicKey
    self.signatureAlgorithm = signatureAlgorithm
    self.keyUsage = keyUsage
    self.extendedKeyUsage = extendedKeyUsage
    self.isAuthority = isAuthority
    self.uscc = uscc
  }
}

extension Certificate {
  /// Serial number as `35:A1:09`.
  package var serialText: String { hexText(serial, separator: ":") }

  /// Whether this text writes its serial number: hexadecimal in either case, with or without colons, blanks, `0x` and the
  /// zeros in front, as openssl, browsers and authorities print it.
  package func hasSerial(_ text: String) -> Bool {
    var digits = Substring(text.filter { $0 != ":" && $0 != " " }.uppercased())
    if digits.hasPrefix("0X") { digits = digits.dropFirst(2) }
    return !digits.isEmpty && digits.drop { $0 == "0" } == hexText(serial).drop { $0 == "0" }
  }
}

/// An X.501 name as an ordered list of attributes.
package struct DistinguishedName: Sendable, Equatable {
  /// One attribute: dotted OID, short name (`CN`) where known, and its value decoded from any ASN.1 string type.
  package struct Attribute: Sendable, Equatable {
    package var oid: String
    package var shortName: String?
    package var value: String

    package init(oid: String, shortName: String?, value: String) {
      self.oid = oid
      self.shortName = shortName
      self.value = value
    }
  }

  package var attributes: [Attribute]
  /// Attributes behind the first ``attributeLimit`` that were not kept; 0 for any sane name.
  package var omittedCount: Int

  package init(attributes: [Attribute], omittedCount: Int = 0) {
    self.attributes = attributes
    self.omittedCount = omittedCount
  }

  /// The first value of the attribute with this dotted OID.
  package func first(_ oid: String) -> String? { attributes.first { $0.oid == oid }?.value }

  package var commonName: String? { first("2.5.4.3") }
  package var organization: String? { first("2.5.4.10") }

  /// The name in one line, RFC 4514 order reversed as users know it: `C=CN, O=…, CN=…`.
  package var text: String {
    var text = ""
    for attribute in attributes {
      if !text.isEmpty { text += ", " }
      text += (attribute.shortName ?? attribute.oid) + "=" + attribute.value
    }
    return omittedCount > 0 ? text + ", … (+\(omittedCount))" : text
  }
}

/// Validity in seconds since 1970-01-01 UTC.
package struct Validity: Sendable, Equatable {
  package var notBefore: Int64
  package var notAfter: Int64

  package init(notBefore: Int64, notAfter: Int64) {
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// How many days before its end a certificate counts as expiring, unless told otherwise.
  package static let reminderDays = 60

  package enum State: Sendable, Equatable {
    case notYetValid
    case valid
    /// Valid, but ends within the reminder window.
    case expiring
    case expired
  }

  /// Whole days from `now` to the end, rounded down; negative after the end.
  package func daysLeft(now: Int64) -> Int {
    let (difference, overflow) = notAfter.subtractingReportingOverflow(now)
    let seconds = overflow ? (notAfter < now ? Int64.min : Int64.max) : difference
    return Int(seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0))
  }

  /// The state at `now`; `reminderDays` is the window before the end that counts as expiring.
  package func state(now: Int64, reminderDays: Int) -> State {
    if now < notBefore { return .notYetValid }
    if now > notAfter { return .expired }
    return daysLeft(now: now) < reminderDays ? .expiring : .valid
  }
}

/// Subject public key.
package enum PublicKey: Sendable, Equatable {
  case sm2
  case rsa(bits: Int)
  /// Another curve, by its OpenSSL short name.
  case ec(curve: String, bits: Int)
  /// Dotted OID of any other algorithm.
  case other(oid: String)

  /// As the trade names it: `SM2`, `RSA-2048`, `EC prime256v1`.
  package var name: String {
    switch self {
    case .sm2: "SM2"
    case .rsa(let bits): "RSA-\(bits)"
    case .ec(let curve, _): "EC " + curve
    case .other(let oid): Self.names(oid) ?? oid
    }
  }

  /// Kinds of key that have a name of their own and sign nothing here, or only where the key itself says how (RFC 8410,
  /// FIPS 204).
  private static func names(_ oid: String) -> String? {
    switch oid {
    case "1.3.101.110": "X25519"
    case "1.3.101.111": "X448"
    case "1.3.101.112": "Ed25519"
    case "1.3.101.113": "Ed448"
    case "2.16.840.1.101.3.4.3.17": "ML-DSA-44"
    case "2.16.840.1.101.3.4.3.18": "ML-DSA-65"
    case "2.16.840.1.101.3.4.3.19": "ML-DSA-87"
    case "1.2.840.10040.4.1": "DSA"
    default: nil
    }
  }

  package static let ed25519 = PublicKey.other(oid: "1.3.101.112")
}

/// Key usage bits of RFC 5280 §4.2.1.3, bit 0 of the extension being `digitalSignature`.
package struct KeyUsage: OptionSet, Sendable, Equatable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let digitalSignature = KeyUsage(rawValue: 1 << 0)
  package static let nonRepudiation = KeyUsage(rawValue: 1 << 1)
  package static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
  package static let dataEncipherment = KeyUsage(rawValue: 1 << 3)
  package static let keyAgreement = KeyUsage(rawValue: 1 << 4)
  package static let keyCertSign = KeyUsage(rawValue: 1 << 5)
  package static let crlSign = KeyUsage(rawValue: 1 << 6)
  package static let encipherOnly = KeyUsage(rawValue: 1 << 7)
  package static let decipherOnly = KeyUsage(rawValue: 1 << 8)
}

/// A 统一社会信用代码 (GB 32100-2015) found in a certificate, and where.
package struct USCCFinding: Sendable, Equatable {
  /// What the text turned out to be.
  package enum Check: Sendable, Equatable {
    /// 18 characters, both check digits right.
    case valid
    /// 18 characters of the right shape, a check digit is wrong: shown with a warning, never refused.
    case checkDigitWrong
    /// Only the nine-character organisation code (characters 9–17 of a USCC), GB 11714.
    case organizationCodeOnly
  }

  /// Normalised: trimmed, upper case, half width.
  package var code: String
  /// The field it came from: `1.2.156.10260.4.1.4`, `subject OU`, `subject 2.5.4.97`.
  package var source: String
  package var check: Check

  package init(code: String, source: String, check: Check) {
    self.code = code
    self.source = source
    self.check = check
  }
}
