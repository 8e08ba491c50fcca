import Base
import CertificateKit
import Failures
import TokenKit

extension Context {
  /// Who listens where a page may call: the services known, the one that is wanted, and whatever else is there.
  func checkKeyServicePort() -> Finding {
    if options.isDemo { return Finding(.skipped, .notNeededDemo) }
    let ports = ListeningPort.all()
    var wanted = KnownService.all
    if let own = options.keyService, !wanted.contains(where: { $0.port == own.port }) { wanted.append(own) }
    let owners = SocketOwners(Set(ports.map(\.inode)))
    let listening = wanted.compactMap { program(behind: $0, ports, owners) }
    with { $0.services = listening }
    let others = ports.filter { port in
      port.place != .elsewhere && port.port >= 1024 && !listening.contains { $0.service.port == port.port }
    }
    let strangers = Set(others.map(\.port)).sorted().prefix(32).map { number -> Evidence in
      let own = others.filter { $0.port == number }
      let names = owners.of(Set(own.map(\.inode))).map(\.text)
      let who = names.isEmpty ? Set(own.map(\.user)).sorted().map { "uid \($0)" } : names
      return Evidence(.otherPort, "\(number) " + who.joined(separator: ", "), .text)
    }
    if let required = options.keyService, !listening.contains(where: { $0.service.port == required.port }) {
      return Finding(
        .fault, .keyServiceDown,
        [Evidence(.service, required.title), Evidence(.port, String(required.port))]
          // A page calls this computer by 127.0.0.1, and reaches nobody who listens at another address alone.
          + Set(ports.filter { $0.port == required.port }.map(\.user)).sorted().map {
            Evidence(.otherPort, "\(required.port) ≠ 127.0.0.1, uid \($0)", .text)
          } + strangers,
        fix: required.isAnsweredByUkey ? options.startKeyService : nil)
    }
    if listening.isEmpty {
      let facts = [Evidence(.port, wanted.map { String($0.port) }.joined(separator: " "))] + strangers
      // One of the programs shown may be it: which ports SZCA's own client uses is not known of every version.
      return strangers.isEmpty
        ? Finding(.warning, .keyServiceAbsent, facts, fix: options.startKeyService)
        : Finding(.skipped, .keyServiceUnknown, facts, fix: options.startKeyService)
    }
    return .ok(listening.flatMap(evidence) + strangers)
  }

  /// Who listens at a service's port. `nil`: nobody.
  ///
  /// - Parameter owners: of these ports.
  func program(
    behind service: KnownService, _ ports: [ListeningPort], _ owners: SocketOwners
  ) -> ListeningService? {
    let own = ports.filter { $0.port == service.port && $0.place != .elsewhere }
    guard !own.isEmpty else { return nil }
    return ListeningService(
      service: service, owners: owners.of(Set(own.map(\.inode))),
      users: Set(own.map(\.user)).sorted().filter { $0 != ownUser() }, waiting: own.map(\.waiting).max() ?? 0,
      isOnlyIPv6: own.allSatisfy { $0.place == .ipv6 })
  }

  private func evidence(_ item: ListeningService) -> [Evidence] {
    [Evidence(.service, item.service.title), Evidence(.port, String(item.service.port))]
      + item.owners.map { Evidence(.process, $0.text) }
      + (item.owners.isEmpty
        ? item.users.map { Evidence(.otherUser, accountName($0) + " (uid \($0))", .name) } : [])
  }

  /// Judges each by what it answers. A stranger at a port is a fact, and a fault only where the wanted service should be.
  func checkKeyServiceAnswers() -> Finding {
    let services = with { $0.services }
    if services.isEmpty { return Finding(.skipped, .keyServiceAbsent) }
    let fan = FanOut<(Cause?, String, Duration)>(count: services.count)
    for (index, item) in services.enumerated() {
      let kind = item.service.port == options.keyService?.port ? options.keyService?.kind : nil
      let body: @Sendable () -> (Cause?, String, Duration) = { [self] in
        let began = Instant.now
        let (cause, detail) = ask(item, kind ?? item.service.kind)
        return (cause, detail, Instant.now - began)
      }
      if !fan.ask(index, body) { fan.answer(index, body()) }
    }
    let answers = fan.wait(until: .now + options.scaled(.milliseconds(5200)))
    var facts: [Evidence] = []
    var found = false
    var doubt: Finding?
    for (item, answer) in zip(services, answers) {
      let (cause, detail, taken) = answer ?? (.keyServiceSilent, "", .zero)
      var all = evidence(item)
      if !detail.isEmpty { all.append(Evidence(.answer, detail, .text)) }
      if taken > .seconds(1) { all.append(Evidence(.seconds, seconds(taken.microseconds))) }
      facts += all
      guard let cause else {
        found = found || item.service.kind.isKnown || item.service.port == options.keyService?.port
        continue
      }
      if item.service.port == options.keyService?.port { return Finding(.fault, cause, all) }
      // A service of the vendor's that hangs or has no TLS may be the one; a stranger is not.
      if cause != .keyServiceForeign { doubt = doubt ?? Finding(.warning, cause, all) }
    }
    if found { return .ok(facts) }
    return doubt ?? Finding(.warning, .keyServiceAbsent, facts, fix: options.startKeyService)
  }

  /// Asks once, as its web page would. - Returns: what is wrong, if anything, and the first line of the answer.
  func ask(_ item: ListeningService, _ kind: KnownService.Kind) -> (Cause?, String) {
    let service = item.service
    if item.isOnlyIPv6 { return (.keyServiceIPv6, "[::1]:\(service.port)") }
    let limit = options.scaled(.milliseconds(4500))
    let request = request(service, kind, origin: isUkey(item) ? nil : pageOrigin)
    let descriptor: Int32
    do throws(Connection.Problem) {
      descriptor = try Connection.open(Connection.loopback(service.port), limit: limit)
    } catch {
      guard error == .timedOut else { return (.keyServiceForeign, error.text) }
      // Somebody listens and nobody waits in its queue: the connection did not get that far.
      return (item.waiting > 0 ? .keyServiceSilent : .keyServiceFiltered, error.text)
    }
    let connection = Connection(adopting: descriptor)
    guard service.tls else {
      do throws(Connection.Problem) {
        return Self.judge(try connection.exchange(request, limit: limit), kind)
      } catch {
        return (error == .timedOut ? .keyServiceSilent : .keyServiceForeign, error.text)
      }
    }
    switch TLSClient.shakeHands(connection.descriptor, host: "127.0.0.1", request: request, limit: limit) {
    case .success(let outcome):
      let (cause, detail) = Self.judge(outcome.answer, kind)
      // A stranger's certificate is no matter of ours.
      if cause != .keyServiceForeign {
        let shown = ServiceCertificate(
          service: service, chain: outcome.chain, isTrustedBySystem: outcome.verifyResult == 0,
          isExpired: CertificateVerdict.cause(outcome) == .platformExpired, problem: outcome.verifyText)
        with { $0.serviceCertificates.append(shown) }
      }
      return (cause, detail)
    case .failure(.timedOut): return (.keyServiceSilent, "TLS")
    case .failure(.failed(let text)): return (.keyServiceTLS, text)
    case .failure(.closed): return (.keyServiceTLS, Connection.Problem.closed.text)
    case .failure(.unavailable): return (nil, "libssl.so.3?")
    }
  }

  /// Whether this program's own key service listens there. It hides from other programs of its user, so that its ports may
  /// have no owner to be seen; its own port tells that it is there.
  private func isUkey(_ item: ListeningService) -> Bool {
    if !item.owners.isEmpty { return item.owners.contains { $0.name == "ukey-service" } }
    guard let own = KnownService("ukey")?.port else { return false }
    return ListeningPort.all().contains { $0.port == own && $0.place != .elsewhere }
  }

  /// What the page would send.
  ///
  /// - Parameter origin: of the page: a service may answer none that has none. This program's own refuses one without it
  ///   at once, where it would ask its holder about a new site.
  private func request(_ service: KnownService, _ kind: KnownService.Kind, origin: String?) -> String {
    let head = "Host: 127.0.0.1:\(service.port)\r\n" + (origin.map { "Origin: \($0)\r\n" } ?? "")
    return switch kind {
    case .webSocket(let path):
      // The key is the example of RFC 6455 §1.3; nothing is sent over the socket.
      "GET \(path) HTTP/1.1\r\n\(head)Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    case .http(let path), .any(let path): "GET \(path) HTTP/1.1\r\n\(head)Connection: close\r\n\r\n"
    }
  }

  static func judge(_ answer: [UInt8], _ kind: KnownService.Kind) -> (Cause?, String) {
    let line = String(decoding: answer.prefix(120).prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
    let words = line.split(separator: " ")
    guard line.hasPrefix("HTTP/"), words.count >= 2, let status = Int(words[1]) else {
      return (.keyServiceForeign, line)
    }
    switch kind {
    // It is there, and lets only pages in that it knows.
    case .webSocket: return ([101, 401, 403].contains(status) ? nil : .keyServiceForeign, line)
    case .http: return (status == 404 ? .keyServiceForeign : nil, line)
    case .any: return (nil, line)
    }
  }

  /// Whether the browsers here trust the certificate that a service shows: each by its own store.
  func checkKeyServiceTrust() -> Finding {
    let shown = with { $0.serviceCertificates }
    if shown.isEmpty { return Finding(.skipped, .notNeeded) }
    let stores = browserStores
    var facts: [Evidence] = []
    var worst: Cause?
    for item in shown {
      facts.append(Evidence(.port, String(item.service.port)))
      let answers = stores.map { store in (store, trusts(store, item.chain)) }
      for (store, answer) in answers {
        facts.append(Evidence(.store, store.title + ": " + (answer.map { $0 ? "yes" : "no" } ?? "?"), .text))
      }
      facts.append(Evidence(.store, "OpenSSL: " + (item.isTrustedBySystem ? "yes" : "no (\(item.problem))")))
      if isExpired(item) {
        worst = .keyServiceExpired
        continue
      }
      if answers.contains(where: { $0.1 == true }) {
        // Whoever opens the page in another browser than the one that trusts it gets nowhere.
        if worst == nil, answers.contains(where: { $0.1 == false && isUsed($0.0) }) { worst = .keyServiceOneBrowser }
        continue
      }
      if !item.isTrustedBySystem {
        worst = .keyServiceUntrusted
      } else if worst == nil || worst == .keyServiceOneBrowser {
        worst = .keyServiceSystemOnly
      }
    }
    guard let worst else { return .ok(facts) }
    let works = worst == .keyServiceSystemOnly || worst == .keyServiceOneBrowser
    return Finding(works ? .warning : .fault, worst, facts)
  }

  /// Whether a browser of this store's kind is on this machine: a store may outlive its browser.
  private func isUsed(_ store: BrowserStore) -> Bool {
    let isFirefox = store.title.hasPrefix("Firefox")
    return InstalledBrowser.all(files, home: variable("HOME")).contains { $0.isFirefox == isFirefox }
  }

  /// Whether its own certificate is past its last day: no store helps then.
  private func isExpired(_ item: ServiceCertificate) -> Bool {
    guard let certificate = item.chain.first.flatMap({ try? Certificate(der: $0) }) else { return item.isExpired }
    return certificate.validity.notAfter < options.now
  }

  var browserStores: [BrowserStore] { variable("HOME").map { FirefoxProfile.activeStores(home: $0) } ?? [] }

  func trusts(_ store: BrowserStore, _ chain: [[UInt8]]) -> Bool? {
    guard let trusted = store.trusted, let leaf = chain.first else { return nil }
    if trusted.contains(leaf) { return true }
    guard let certificate = try? Certificate(der: leaf) else { return false }
    let anchors = trusted.compactMap { try? Certificate(der: $0) }
    let links = chain.dropFirst().compactMap { try? Certificate(der: $0) }
    return TrustDirectory(certificates: anchors).verify(certificate, intermediates: Array(links), at: options.now)
      .isTrusted
  }
}
