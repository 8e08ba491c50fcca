package import CertificateKit
package import Failures
import TerminalKit
import TokenKit
import Wording

/// The form in which a certificate is written to a file.
package enum ExportFormat: String, Sendable, CaseIterable {
  case pem = "PEM"
  case der = "DER"

  var fileExtension: String { self == .pem ? "pem" : "cer" }
}

/// A certificate to be written to a file.
package struct ExportJob: Sendable, Equatable {
  package var certificate: Certificate
  package var format: ExportFormat
  /// As typed; a leading `~/` is the home directory.
  package var path: String
  package var overwrite: Bool

  package init(certificate: Certificate, format: ExportFormat, path: String, overwrite: Bool) {
    self.certificate = certificate
    self.format = format
    self.path = path
    self.overwrite = overwrite
  }

  /// What goes into the file.
  var bytes: [UInt8] { format == .pem ? Array(certificate.pem.utf8) : certificate.der }
}

/// What became of it.
package enum ExportOutcome: Sendable, Equatable {
  /// Written; the absolute path.
  case written(String)
  /// Something of that name is there, and overwriting was not confirmed.
  case exists
  case failed(Failure)
}

/// The export dialog.
struct ExportState: Sendable {
  enum Phase: Sendable, Equatable {
    case editing
    case writing
    /// Waits for the answer whether the file is overwritten.
    case asking
    case failed(Failure)
  }

  enum Focus: Sendable { case format, path }

  var source: TokenSource
  var certificate: Certificate
  var role: ContainerSnapshot.Role
  var format = ExportFormat.pem
  var path: TextField
  var focus = Focus.path
  var phase = Phase.editing

  var isAskingToOverwrite: Bool { phase == .asking }

  init(source: TokenSource, view: CertificatePlace, certificate: Certificate, words: Words) {
    self.source = source
    self.certificate = certificate
    role = view.entry.role
    path = TextField(ExportState.fileName(certificate, role: words.roleShort(view.entry.role)) + ".pem")
  }

  /// A name from owner, role and the end of the serial number: letters, digits and Han only, so that a hostile
  /// subject cannot place the file elsewhere.
  static func fileName(_ certificate: Certificate, role: String) -> String {
    let serial = certificate.serialText.filter { $0 != ":" }.suffix(8)
    let parts = [safe(certificate.owner, limit: 40), safe(role, limit: 20), String(serial)].filter { !$0.isEmpty }
    return parts.isEmpty ? "certificate" : parts.joined(separator: "-")
  }

  private static func safe(_ text: String, limit: Int) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      let isSafe =
        scalar.isASCII
        ? scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        : scalar.properties.isIdeographic
      if isSafe {
        view.append(scalar)
      } else if view.last != "_", !view.isEmpty {
        view.append("_")
      }
    }
    while view.last == "_" { view.removeLast() }
    return String(view)
  }

  /// PEM ↔ DER; the extension of the name follows while it is the usual one.
  mutating func toggleFormat() {
    let old = "." + format.fileExtension
    format = format == .pem ? .der : .pem
    let text = path.text
    if text.hasSuffix(old) { path.text = String(text.dropLast(old.count)) + "." + format.fileExtension }
  }

  /// A key that the table does not bind.
  mutating func handle(_ key: Key) {
    guard phase != .writing, phase != .asking else { return }
    if focus == .format {
      if key == .left || key == .right || key == .character(" ") { toggleFormat() }
      return
    }
    if path.handle(key) { phase = .editing }
  }

  func job(overwrite: Bool) -> ExportJob {
    ExportJob(certificate: certificate, format: format, path: path.text, overwrite: overwrite)
  }
}
