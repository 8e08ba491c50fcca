import Base
package import CertificateKit
package import Failures

/// The form in which a certificate is written to a file.
package enum ExportFormat: String, Sendable, CaseIterable {
  case pem = "PEM"
  case der = "DER"

  var fileExtension: String { self == .pem ? "pem" : "cer" }
}

/// What the dialog writes: certificates, or a list of them.
enum ExportForm: String, Sendable, CaseIterable {
  case pem = "PEM"
  case der = "DER"
  case csv = "CSV"
  case json = "JSON"

  /// Of one certificate; `nil` for a list.
  var format: ExportFormat? {
    switch self {
    case .pem: .pem
    case .der: .der
    case .csv, .json: nil
    }
  }

  var fileExtension: String { format?.fileExtension ?? (self == .csv ? "csv" : "json") }
}

/// Which certificates it is about.
enum ExportScope: Sendable, CaseIterable {
  case certificate
  case key
  case all
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

/// Writes the certificate of an export. Mode 0644 less the umask: a certificate is public. Blocks; not for the UI loop.
package func writeExport(_ job: ExportJob) -> ExportOutcome {
  switch writeFile(job.bytes, to: typedPath(job.path), overwrite: job.overwrite, mode: 0o644) {
  case .written(let path): .written(path)
  case .exists: .exists
  case .failed(let error): .failed(Failure(.fileWrite, error))
  }
}

/// A name from owner, role and the end of the serial number: letters, digits and Han only, so that a hostile subject cannot
/// place the file elsewhere. Without an ending.
package func exportName(_ certificate: Certificate, role: String) -> String {
  let serial = certificate.serialText.filter { $0 != ":" }.suffix(8)
  let parts = [safe(certificate.owner, limit: 40), safe(role, limit: 20), String(serial)].filter { !$0.isEmpty }
  return parts.isEmpty ? "certificate" : parts.joined(separator: "-")
}

/// A name for what holds several certificates: of the key with this serial, or of all. Without an ending.
func exportName(keySerial: String?) -> String {
  let serial = keySerial.map { safe($0, limit: 40) } ?? ""
  return serial.isEmpty ? "certificates" : "U-Key-" + serial
}

private func safe(_ text: String, limit: Int) -> String {
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
