import CertificateKit
import Glibc

extension Context {
  func checkPlatformName() -> Finding {
    guard let platform = options.platform else { return Finding(.skipped, .switchedOff) }
    let host = Evidence(.host, platform.text)
    switch Connection.resolve(platform) {
    case .success(let address):
      with { $0.address = address }
      return .ok([host, Evidence(.address, address.text)])
    case .failure(let error):
      return Finding(.fault, .nameUnresolved, [host, Evidence(.error, error.text + " (\(error.number))")])
    }
  }

  func checkPlatformConnect() -> Finding {
    guard let platform = options.platform, let address = with({ $0.address }) else {
      return Finding(.skipped, .switchedOff)
    }
    let facts = [Evidence(.host, platform.text), Evidence(.address, address.text)]
    do throws(Connection.Problem) {
      let descriptor = try Connection.open(address, limit: .seconds(3))
      with { $0.platform = descriptor }
      return .ok(facts)
    } catch {
      return Finding(
        .fault, error == .refused ? .platformRefused : .platformUnreachable, facts + [Evidence(.error, error.text)])
    }
  }

  /// The handshake, on the connection that the link before opened.
  func checkPlatformTLS() -> Finding {
    let taken = with { shared -> Int32? in
      defer { shared.platform = nil }
      return shared.platform
    }
    guard let platform = options.platform, let descriptor = taken else { return Finding(.skipped, .switchedOff) }
    let connection = Connection(adopting: descriptor)
    var facts = [Evidence(.host, platform.text)]
    switch TLSClient.shakeHands(connection.descriptor, host: platform.host, limit: .seconds(3)) {
    case .success(let outcome):
      facts.append(Evidence(.version, outcome.version))
      if let certificate = outcome.chain.first.flatMap({ try? Certificate(der: $0) }) {
        facts += [
          Evidence(.certificate, certificate.subject.displayName), Evidence(.issuer, certificate.issuer.displayName),
          Evidence(.notAfter, certificate.validity.notAfterText),
        ]
      }
      if outcome.verifyResult == 0 { return .ok(facts) }
      facts.append(Evidence(.error, outcome.verifyText + " (\(outcome.verifyResult))"))
      return Finding(.fault, .platformCertificate, facts)
    case .failure(.unavailable): return Finding(.unknown, .notNeeded, [Evidence(.path, "libssl.so.3")])
    case .failure(.timedOut): return Finding(.fault, .platformTLS, facts + [Evidence(.error, "timed out")])
    case .failure(.closed):
      return Finding(.fault, .platformTLS, facts + [Evidence(.error, Connection.Problem.closed.text)])
    case .failure(.failed(let text)): return Finding(.fault, .platformTLS, facts + [Evidence(.error, text)])
    }
  }
}
