import Base
import CertificateKit
import Failures
import UnlockKit
import Wording

/// A request in lines of text, for the holder before it is written and for the desk before it is approved.
struct RequestText {
  var request: UnlockRequest
  var checkCode: String?
  var language: Language
  /// At the desk: what became of checking the certificate, so that what nobody has checked is marked so. `nil` at the
  /// holder's, whose own words they are.
  var chain: ChainVerdict??

  private struct Row {
    var label: String
    var text: String?
    /// It stands in the certificate.
    var isCertified = false
  }

  var lines: [String] {
    let words = UnlockWords[language]
    let applicant = request.applicant
    let certificate = request.mainCertificate
    var rows: [Row] = [
      Row(label: words.kindTitle, text: words.kind(request.kind)),
      Row(label: words.owner, text: certificate?.owner, isCertified: true),
      Row(label: words.uscc, text: certificate?.uscc, isCertified: true),
      Row(
        label: words.certificateSerial,
        text: certificate.map { bytes(hex: $0.serial).map { hexText($0, separator: ":") } ?? $0.serial },
        isCertified: true),
      Row(label: words.keySerial, text: request.key.serial), Row(label: words.application, text: request.application),
      Row(label: words.userPIN, text: request.userPIN.map(words.tries)),
      Row(label: words.adminPIN, text: request.adminPIN.map(words.tries)),
      Row(label: words.name, text: applicant.name), Row(label: words.mobile, text: applicant.mobile),
      Row(label: words.reason(request.kind), text: applicant.reason),
      Row(label: words.delivery, text: words.deliveryName(applicant.delivery)),
      Row(label: words.address, text: applicant.address.isEmpty ? nil : applicant.address),
    ]
    if !applicant.uscc.isEmpty, applicant.uscc != certificate?.uscc {
      rows.append(Row(label: words.usccGiven, text: applicant.uscc))
    }
    rows.append(Row(label: UnlockCommandWords[language].created, text: LocalTime.text(request.created)))
    let shown = rows.filter { $0.text != nil }
    let column = max(14, (shown.map { textWidth($0.label) }.max() ?? 0) + 2)
    var lines = shown.map { row in
      row.label + String(repeating: " ", count: column - textWidth(row.label)) + displaySafe(row.text ?? "") + mark(row)
    }
    if let checkCode {
      let gap = String(repeating: " ", count: column - textWidth(words.checkCode))
      lines.append(words.checkCode + gap + checkCode)
    }
    return lines
  }

  private func mark(_ row: Row) -> String {
    guard let chain else { return "" }
    let words = UnlockCommandWords[language]
    let text =
      switch chain {
      case _ where !row.isCertified: Symbol.unknown.before(words.notChecked)
      case .trusted?: Symbol.ok.before(words.certificateChecked)
      case let verdict?: Symbol.warning.before(words.notChecked + " · " + Words[language].chain(verdict))
      case nil: Symbol.unknown.before(words.notChecked)
      }
    return "   [" + text + "]"
  }
}
