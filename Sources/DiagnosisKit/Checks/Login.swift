import Failures
import TokenKit

extension Context {
  /// Signs a fresh challenge with the key and verifies it with the certificate: what a login does, without the web.
  func checkLogin() -> Finding {
    guard let test = options.login else { return Finding(.skipped, .switchedOff) }
    if with({ $0.findings[.pin]?.verdict == .fault }) { return .skipped(because: .pin) }
    guard let snapshot = snapshots.first(where: { CertificatePlace.all($0).contains { $0.certificate.value != nil } })
    else { return .skipped(because: .certificate) }
    switch test(snapshot) {
    case .verified(let algorithm, let bytes):
      return .ok([Evidence(.algorithm, algorithm), Evidence(.challenge, String(bytes))])
    case .mismatch: return Finding(.fault, .loginMismatch)
    case .failed(let failure):
      return Finding(.fault, .loginRefused, [Evidence(.error, failure.reference)], failure: failure)
    case .pin(let outcome): return judge(outcome)
    }
  }

  private func judge(_ outcome: PINOutcome) -> Finding {
    switch outcome {
    case .wrong(let left):
      return Finding(.fault, .loginPIN, left.map { [Evidence(.triesLeft, String($0))] } ?? [])
    case .locked: return Finding(.fault, .pinLocked)
    case .notSent(.tries(let left)):
      return Finding(.unknown, .pinFewTries, left.map { [Evidence(.triesLeft, String($0))] } ?? [])
    case .notSent(.failure(let failure)), .refused(let failure), .unknown(_, let failure):
      return Finding(.fault, .loginRefused, [Evidence(.error, failure.reference)], failure: failure)
    case .notSent: return Finding(.unknown, .loginRefused)
    case .verified, .changed, .unblocked: return Finding(.unknown, .loginRefused)
    }
  }
}
