import Base
import CertificateKit
import Glibc
import TokenKit

extension Context {
  func checkPlatformName() -> Finding {
    guard let platform = options.platform else { return Finding(.skipped, .switchedOff) }
    let began = Instant.now
    let answer = Connection.resolve(platform)
    let taken = Instant.now - began
    switch answer {
    case .success(let address):
      with { $0.address = address }
      let facts = [Evidence(.host, platform.text), Evidence(.address, address.text)]
      guard taken > Self.slowName else { return .ok(facts) }
      return Finding(.warning, .nameSlow, platformFacts + facts + [Evidence(.seconds, seconds(taken.microseconds))])
    case .failure(let error):
      return Finding(.fault, .nameUnresolved, platformFacts + [Evidence(.error, error.text + " (\(error.number))")])
    }
  }

  /// An answer that takes longer than this did not come from the first server.
  private static let slowName = Duration.seconds(2)

  /// What is known of the platform before it is reached: whose fault it is that a name does not resolve can be seen from
  /// the servers that are asked.
  var platformFacts: [Evidence] {
    guard let platform = options.platform else { return [] }
    let servers = (live.text("/etc/resolv.conf") ?? "").split(separator: "\n").compactMap { line -> String? in
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return words.count > 1 && words[0] == "nameserver" ? String(words[1]) : nil
    }
    return [Evidence(.host, platform.text)] + servers.map { Evidence(.nameServer, $0) }
  }

  func checkPlatformConnect() -> Finding {
    guard let platform = options.platform, let address = with({ $0.address }) else {
      return Finding(.skipped, .switchedOff)
    }
    let facts = [Evidence(.host, platform.text), Evidence(.address, address.text)]
    do throws(Connection.Problem) {
      let descriptor = try Connection.open(address, limit: options.scaled(.seconds(3)))
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
    switch TLSClient.shakeHands(connection.descriptor, host: platform.host, limit: options.scaled(.seconds(3))) {
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
    case .failure(.unavailable): return Finding(.unknown, .libraryAbsent, [Evidence(.path, "libssl.so.3")])
    case .failure(.timedOut): return Finding(.fault, .platformTLS, facts + [Evidence(.error, "timed out")])
    case .failure(.closed):
      return Finding(.fault, .platformTLS, facts + [Evidence(.error, Connection.Problem.closed.text)])
    case .failure(.failed(let text)): return Finding(.fault, .platformTLS, facts + [Evidence(.error, text)])
    }
  }
}
