import Failures
import TokenKit

extension Context {
  /// Signs a fresh challenge with the key and verifies it with the certificate: what a login does, without the web.
  func checkLogin() -> Finding {
    guard let test = options.login else { return Finding(.skipped, .switchedOff) }
    if with({ $0.findings[.pin]?.verdict == .fault }) { return .skipped(because: .pin) }
    guard let snapshot = snapshots.first(where: { $0.places.contains { $0.certificate.value != nil } })
    else { return .skipped(because: .certificate) }
    return test(snapshot).finding
  }
}
