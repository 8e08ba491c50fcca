import CertificateKit
import Failures
import TokenKit

extension Context {
  func checkKeyServicePort() -> Finding {
    let ports = ListeningPort.all()
    var wanted = KnownService.all
    if let own = options.keyService, !wanted.contains(where: { $0.port == own.port }) { wanted.append(own) }
    let listening = wanted.compactMap { service -> ListeningService? in
      let inodes = Set(ports.filter { $0.port == service.port }.map(\.inode))
      return inodes.isEmpty ? nil : ListeningService(service: service, owners: socketOwners(inodes))
    }
    with { $0.services = listening }
    if let required = options.keyService, !listening.contains(where: { $0.service.port == required.port }) {
      return Finding(
        .fault, .keyServiceDown, [Evidence(.service, required.title), Evidence(.port, String(required.port))])
    }
    if listening.isEmpty {
      return Finding(
        .warning, .keyServiceAbsent, [Evidence(.port, wanted.map { String($0.port) }.joined(separator: " "))])
    }
    return .ok(listening.flatMap(evidence))
  }

  private func evidence(_ item: ListeningService) -> [Evidence] {
    [Evidence(.service, item.service.title), Evidence(.port, String(item.service.port))]
      + item.owners.map { Evidence(.process, $0.text) }
  }

  func checkKeyServiceAnswers() -> Finding {
    let services = with { $0.services }
    if services.isEmpty { return Finding(.skipped, .keyServiceAbsent) }
    var facts: [Evidence] = []
    var doubt: Finding?
    for item in services {
      let isRequired = item.service.port == options.keyService?.port
      let kind = isRequired ? options.keyService?.kind ?? item.service.kind : item.service.kind
      let (cause, detail) = ask(item.service, kind)
      var all = evidence(item)
      if !detail.isEmpty { all.append(Evidence(.answer, detail, .text)) }
      guard let cause else {
        facts += all
        continue
      }
      // Another program at such a port is of no harm to somebody who does not use that vendor's service.
      let isFault = isRequired || cause == .keyServiceSilent
      let finding = Finding(isFault ? .fault : .warning, cause, all)
      if isFault { return finding }
      doubt = doubt ?? finding
    }
    return doubt ?? .ok(facts)
  }

  /// Asks once, as its web page would. - Returns: what is wrong, if anything, and the first line of the answer.
  private func ask(_ service: KnownService, _ kind: KnownService.Kind) -> (Cause?, String) {
    let limit = options.scaled(.seconds(5))
    let request = Self.request(service, kind)
    do throws(Connection.Problem) {
      let connection = Connection(
        adopting: try Connection.open(Connection.loopback(service.port), limit: limit))
      guard service.tls else {
        return Self.judge(try connection.exchange(request, limit: limit), kind)
      }
      switch TLSClient.shakeHands(connection.descriptor, host: "127.0.0.1", request: request, limit: limit) {
      case .success(let outcome):
        let shown = ServiceCertificate(
          service: service, chain: outcome.chain, isTrustedBySystem: outcome.verifyResult == 0,
          problem: outcome.verifyText)
        with { $0.serviceCertificates.append(shown) }
        return Self.judge(outcome.answer, kind)
      case .failure(.timedOut): return (.keyServiceSilent, "TLS")
      case .failure(.failed(let text)): return (.keyServiceTLS, text)
      case .failure(.closed): return (.keyServiceTLS, Connection.Problem.closed.text)
      case .failure(.unavailable): return (nil, "libssl.so.3?")
      }
    } catch {
      return (error == .timedOut ? .keyServiceSilent : .keyServiceForeign, error.text)
    }
  }

  private static func request(_ service: KnownService, _ kind: KnownService.Kind) -> String {
    let host = "Host: 127.0.0.1:\(service.port)\r\n"
    return switch kind {
    case .webSocket(let path):
      // The key is the example of RFC 6455 §1.3; nothing is sent over the socket.
      "GET \(path) HTTP/1.1\r\n\(host)Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    case .http(let path): "GET \(path) HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"
    case .any: "GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"
    }
  }

  private static func judge(_ answer: [UInt8], _ kind: KnownService.Kind) -> (Cause?, String) {
    let line = String(decoding: answer.prefix(120).prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
    let words = line.split(separator: " ")
    guard line.hasPrefix("HTTP/"), words.count >= 2, let status = Int(words[1]) else {
      return (.keyServiceForeign, line)
    }
    switch kind {
    case .webSocket: return (status == 101 ? nil : .keyServiceForeign, line)
    case .http: return (status == 404 ? .keyServiceForeign : nil, line)
    case .any: return (nil, line)
    }
  }

  /// Whether the browsers here trust the certificate that a service shows: each by its own store.
  func checkKeyServiceTrust() -> Finding {
    let shown = with { $0.serviceCertificates }
    if shown.isEmpty { return Finding(.skipped, .notNeeded) }
    let stores = variable("HOME").map { BrowserStore.all(home: $0) } ?? []
    var facts: [Evidence] = []
    var worst: Cause?
    for item in shown {
      facts.append(Evidence(.port, String(item.service.port)))
      let answers = stores.map { store in (store, trusts(store, item.chain)) }
      for (store, answer) in answers {
        facts.append(Evidence(.store, store.title + ": " + (answer.map { $0 ? "yes" : "no" } ?? "?"), .text))
      }
      facts.append(Evidence(.store, "OpenSSL: " + (item.isTrustedBySystem ? "yes" : "no (\(item.problem))")))
      if answers.contains(where: { $0.1 == true }) { continue }
      if !item.isTrustedBySystem {
        worst = .keyServiceUntrusted
      } else if worst == nil {
        worst = .keyServiceSystemOnly
      }
    }
    guard let worst else { return .ok(facts) }
    return Finding(worst == .keyServiceUntrusted ? .fault : .warning, worst, facts)
  }

  private func trusts(_ store: BrowserStore, _ chain: [[UInt8]]) -> Bool? {
    guard let trusted = store.trusted, let leaf = chain.first else { return nil }
    if trusted.contains(leaf) { return true }
    guard let certificate = try? Certificate(der: leaf) else { return false }
    let anchors = trusted.compactMap { try? Certificate(der: $0) }
    let links = chain.dropFirst().compactMap { try? Certificate(der: $0) }
    return TrustDirectory(certificates: anchors).verify(certificate, intermediates: Array(links), at: options.now)
      .isTrusted
  }
}
