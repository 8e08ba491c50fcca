internal import Base
package import CertificateKit
internal import Failures

/// One fact of a certificate, whichever number a protocol has for it.
package enum CertificateItem: Sendable, Equatable {
  case version
  case serial
  case issuer
  case subject
  /// Both ends, as `yyyyMMddHHmmss` with a blank between.
  case validity
  case notBefore
  case notAfter
  /// Attribute of the subject or issuer by its dotted OID.
  case subjectAttribute(String)
  case issuerAttribute(String)
  /// `SM3withSM2` …: how the CA signed it.
  case signatureAlgorithm
  case publicKeyAlgorithm
  /// The certificate itself, base64.
  case base64
  case keyUsage
  /// Text of an extension, or attribute of the subject, by its dotted OID.
  case oid(String)
  /// 统一社会信用代码, and the field it came from.
  case uscc
  case usccSource

  /// Attributes of names by what the trade calls them.
  package static let (commonName, organization, unit) = ("2.5.4.3", "2.5.4.10", "2.5.4.11")
  package static let (country, province, locality) = ("2.5.4.6", "2.5.4.8", "2.5.4.7")
  package static let email = "1.2.840.113549.1.9.1"
}

extension Certificate {
  /// The fact as text; empty when the certificate does not have it.
  package func text(of item: CertificateItem) -> String {
    switch item {
    case .version: "3"
    case .serial: hexText(serial)
    case .issuer: issuer.pageText
    case .subject: subject.pageText
    case .validity: UTCTime.digits(validity.notBefore) + " " + UTCTime.digits(validity.notAfter)
    case .notBefore: UTCTime.digits(validity.notBefore)
    case .notAfter: UTCTime.digits(validity.notAfter)
    case .subjectAttribute(let oid): subject.first(oid) ?? ""
    case .issuerAttribute(let oid): issuer.first(oid) ?? ""
    case .signatureAlgorithm: signatureAlgorithm
    case .publicKeyAlgorithm: publicKey.name
    case .base64: Base64.encode(der)
    case .keyUsage: keyUsage.map { String($0.rawValue) } ?? ""
    case .oid(let oid): subject.first(oid) ?? extensionText(oid)
    case .uscc: uscc?.code ?? ""
    case .usccSource: uscc?.source ?? ""
    }
  }

  private func extensionText(_ oid: String) -> String {
    do throws(Failure) { return try extensionTexts(oid).first ?? "" } catch { return "" }
  }
}

extension DistinguishedName {
  /// `CN=…,O=…`, most particular first, as pages cut the name out of it.
  var pageText: String {
    attributes.reversed().map { ($0.shortName ?? $0.oid) + "=" + $0.value }.joined(separator: ",")
  }
}

/// Moments as these protocols write them.
enum UTCTime {
  /// `yyyyMMddHHmmss` in China's time (UTC+8, without summer time), which is what pages for it show.
  static func digits(_ seconds: Int64) -> String {
    let (local, overflow) = seconds.addingReportingOverflow(8 * 3600)
    guard !overflow else { return "" }
    let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let rest = local - day * 86_400
    let (year, month, date) = civil(day)
    guard (0...9999).contains(year) else { return "" }
    return pad(year, 4) + pad(month, 2) + pad(date, 2) + pad(rest / 3600, 2) + pad(rest / 60 % 60, 2)
      + pad(rest % 60, 2)
  }

  /// Proleptic Gregorian date of a day counted from 1970-01-01.
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // Days from 0000-03-01, in eras of 400 years.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * part + 2) / 5 + 1)
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
