import Base
import Failures

/// Writes the certificate of an export. Mode 0644 less the umask: a certificate is public. Blocks; not for the UI loop.
package func writeExport(_ job: ExportJob) -> ExportOutcome {
  switch writeFile(job.bytes, to: job.path, overwrite: job.overwrite, mode: 0o644) {
  case .written(let path): .written(path)
  case .exists: .exists
  case .failed(let error): .failed(Failure(.fileWrite, error))
  }
}
