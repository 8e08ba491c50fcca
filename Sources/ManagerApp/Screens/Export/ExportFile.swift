import Base
package import CertificateKit
package import Failures

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

/// Writes the certificate of an export. Mode 0644 less the umask: a certificate is public. Blocks; not for the UI loop.
package func writeExport(_ job: ExportJob) -> ExportOutcome {
  switch writeFile(job.bytes, to: job.path, overwrite: job.overwrite, mode: 0o644) {
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
