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

  var lines: [String] {
    let words = UnlockWords[language]
    let applicant = request.applicant
    var rows: [(String, String?)] = [
      (words.kindTitle, words.kind(request.kind)), (words.keySerial, request.key.serial), (words.owner, request.owner),
      (words.uscc, request.uscc), (words.application, request.application),
      (words.userPIN, request.userPIN.map(words.tries)), (words.adminPIN, request.adminPIN.map(words.tries)),
      (words.name, applicant.name), (words.mobile, applicant.mobile), (words.reason, applicant.reason),
      (words.delivery, words.deliveryName(applicant.delivery)),
      (words.address, applicant.address.isEmpty ? nil : applicant.address),
      (UnlockCommandWords[language].created, LocalTime.text(request.created)),
    ]
    rows.append((words.checkCode, checkCode))
    return rows.compactMap { row in
      row.1.map { row.0 + String(repeating: " ", count: max(2, 14 - textWidth(row.0))) + displaySafe($0) }
    }
  }
}
