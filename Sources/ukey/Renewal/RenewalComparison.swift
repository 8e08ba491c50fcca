import Base
import CertificateKit
import Failures
import RenewalKit
import TokenKit
import Wording

/// Old and new certificate of an order, a line each: whose, which, until when.
struct RenewalComparison {
  var journal: RenewalJournal
  /// Of the answer; `nil`: the one that was accepted.
  var new: Certificate?
  var language: Language

  /// On standard error, as what is asked after it.
  func show() {
    let words = RenewalScreenWords[language]
    for (label, certificate) in [
      (words.old, Self.read(journal.oldCertificate)), (words.new, new ?? Self.read(journal.signature)),
    ] {
      guard let certificate else { continue }
      let facts = [
        displaySafe(certificate.owner), words.serial + " " + certificate.serialText,
        words.until + " " + LocalTime.date(certificate.validity.notAfter),
      ]
      Output.note(label + "  " + facts.joined(separator: " · "))
    }
  }

  private static func read(_ der: [UInt8]?) -> Certificate? { der.flatMap { try? Certificate(der: $0) } }
}
