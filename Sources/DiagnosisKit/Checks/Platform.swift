import Base
import COpenSSL
import CertificateKit
import Glibc

extension Context {
  /// Connects as browsers do: to every address, the next one a little after the one before, and takes the first that
  /// answers.
  func checkPlatformConnect() -> Finding {
    guard let platform = options.platform else { return Finding(.skipped, .switchedOff) }
    let host = Evidence(.host, platform.text, .host)
    if let proxy = with({ $0.proxy }) { return .ok([host, Evidence(.proxy, proxy.text, .address)]) }
    let addresses = with { $0.addresses }
    if addresses.isEmpty { return Finding(.skipped, .switchedOff) }
    do throws(Connection.Problem) {
      let (descriptor, address) = try Connection.openFirst(addresses, limit: options.scaled(.seconds(3)))
      with {
        if $0.platform == nil { $0.platform = descriptor }
      }
      return .ok([host, Evidence(.address, address.text, .address)])
    } catch {
      var facts = [host] + addresses.map { Evidence(.address, $0.text, .address) } + [Evidence(.error, error.text)]
      // An address that somebody has written down once may be an old one.
      if addresses.contains(where: { isInHosts(platform.host, $0.text) }) {
        facts.append(Evidence(.path, "/etc/hosts"))
      }
      if let standIn = addresses.first(where: \.isStandIn) {
        return Finding(.fault, .nameFalse, facts + whoSaysSo(platform.host, standIn.text))
      }
      return platformTrouble(error == .refused ? .platformRefused : .platformUnreachable, facts)
    }
  }

  /// A connection to the platform by the way that is known to work; its owner closes it.
  func reachAgain(segment: Int32? = nil) -> Int32? {
    guard let platform = options.platform else { return nil }
    if let proxy = with({ $0.proxy }) {
      return try? Tunnel.open(proxy, to: platform, limit: options.scaled(.seconds(2)))
    }
    return try? Connection.openFirst(with { $0.addresses }, limit: options.scaled(.seconds(2)), segment: segment)
      .descriptor
  }

  /// The handshake, on the connection that the link before opened.
  func checkPlatformTLS() -> Finding {
    let taken = with { shared -> Int32? in
      defer { shared.platform = nil }
      return shared.platform
    }
    guard let platform = options.platform, let descriptor = taken else { return Finding(.skipped, .switchedOff) }
    let connection = Connection(adopting: descriptor)
    let facts = [Evidence(.host, platform.text, .host)]
    switch TLSClient.shakeHands(connection.descriptor, host: platform.host, limit: options.scaled(.seconds(3))) {
    case .success(let outcome): return judge(outcome, facts)
    case .failure(.unavailable): return Finding(.unknown, .libraryAbsent, [Evidence(.path, "libssl.so.3")])
    case .failure(.timedOut):
      // Large packets may be what does not come through: with small ones the same handshake then succeeds.
      if let again = reachAgain(segment: 536) {
        let small = Connection(adopting: again)
        if case .success = TLSClient.shakeHands(
          small.descriptor, host: platform.host, limit: options.scaled(.seconds(2)))
        {
          return Finding(.fault, .platformMTU, facts)
        }
      }
      return Finding(.fault, .platformTLS, facts + [Evidence(.error, "timed out")])
    case .failure(.closed):
      return Finding(.fault, .platformTLS, facts + [Evidence(.error, Connection.Problem.closed.text)])
    case .failure(.failed(let text)):
      let error = Evidence(.error, text)
      if let page = plainAnswer() { return Finding(.fault, .captivePortal, facts + [error] + page) }
      return Finding(.fault, .platformTLS, facts + [error])
    }
  }

  /// What answers without TLS: a login page of the network. `nil`: nothing that speaks HTTP.
  private func plainAnswer() -> [Evidence]? {
    guard let platform = options.platform, let descriptor = reachAgain() else { return nil }
    let connection = Connection(adopting: descriptor)
    guard
      let bytes = try? connection.exchange(
        "GET / HTTP/1.1\r\nHost: \(platform.host)\r\nConnection: close\r\n\r\n", limit: .seconds(2))
    else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.first, line.hasPrefix("HTTP/") else { return nil }
    let place = lines.first { $0.lowercased().hasPrefix("location:") }
    return [Evidence(.answer, String(line.prefix(120)), .text)]
      + (place.map { [Evidence(.answer, String($0.prefix(200)), .text)] } ?? [])
  }

  private func judge(_ outcome: TLSOutcome, _ host: [Evidence]) -> Finding {
    var facts = host + [Evidence(.version, outcome.version)]
    // A certificate that nobody vouches for may be a company's own gateway.
    let owner: Privacy = outcome.verifyResult == 0 ? .open : .name
    if let certificate = outcome.chain.first.flatMap({ try? Certificate(der: $0) }) {
      facts += [
        Evidence(.certificate, certificate.subject.displayName, owner),
        Evidence(.issuer, certificate.issuer.displayName, owner),
        Evidence(.notAfter, certificate.validity.notAfterText),
      ]
    }
    if outcome.verifyResult != 0 { facts.append(Evidence(.error, outcome.verifyText + " (\(outcome.verifyResult))")) }
    let cause = CertificateVerdict.cause(outcome)
    // The clock is looked at before any certificate is blamed.
    if cause == .platformExpired || cause == .platformEarly, let difference = clockDifference() {
      return Finding(.fault, .clockDiffers, facts + difference)
    }
    if cause == .platformCertificate || cause == .platformChain,
      let store = browserStores.first(where: { trusts($0, outcome.chain) == true })
    {
      return .ok(facts + [Evidence(.store, store.title, .text)])
    }
    // Where nobody is trusted nobody's certificate is told from a forged one.
    if cause == .platformCertificate || cause == .platformChain, let empty = missingRoots() { return empty(facts) }
    if let cause { return Finding(.fault, cause, facts) }
    // Browsers speak nothing older than TLS 1.2.
    if ["SSLv3", "TLSv1", "TLSv1.1"].contains(outcome.version) { return Finding(.fault, .platformOldTLS, facts) }
    return .ok(facts)
  }
}

extension Context {
  /// Where the system's list of certificate authorities is not to be had: the finding, for the facts so far.
  private func missingRoots() -> (([Evidence]) -> Finding)? {
    let told = [("SSL_CERT_FILE", X509_get_default_cert_file()), ("SSL_CERT_DIR", X509_get_default_cert_dir())].map {
      name, usual in (name, variable(name), variable(name) ?? usual.map { String(cString: $0) } ?? "")
    }
    let (file, folder) = (told[0].2, told[1].2)
    let hasFile = (live.status(file)?.st_size ?? 0) > 0
    guard !hasFile, live.list(folder).isEmpty else { return nil }
    let named = told.filter { $0.1 != nil }.map { Evidence(.variable, $0.0) }
    return { [self] facts in
      Finding(
        .unknown, .platformNoRoots, facts + named + [Evidence(.path, file, .path), Evidence(.path, folder, .path)],
        fix: named.isEmpty ? PackageManager(files).map { .install("ca-certificates", with: $0) } : nil)
    }
  }
}

/// What OpenSSL's verdict on a server's certificate means.
enum CertificateVerdict {
  /// `nil`: the certificate is well.
  static func cause(_ outcome: TLSOutcome) -> Cause? {
    switch Int32(clamping: outcome.verifyResult) {
    case 0: nil
    case 9: .platformEarly  // X509_V_ERR_CERT_NOT_YET_VALID
    case 10: .platformExpired  // X509_V_ERR_CERT_HAS_EXPIRED
    // Only its own certificate came: the one between it and the root is missing.
    case 20, 21: outcome.chain.count == 1 ? .platformChain : .platformCertificate
    case 62, 64: .platformWrongName  // hostname, IP address
    case 66, 67, 68: .platformWeak  // key too small, CA key too small, digest too weak
    default: .platformCertificate
    }
  }
}
