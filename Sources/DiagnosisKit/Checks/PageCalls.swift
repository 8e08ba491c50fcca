import Base
import TokenKit

extension Context {
  /// Which services of this computer and which extensions of the browser a login page calls, and whether any of them
  /// answers here.
  func checkPageCalls() -> Finding {
    guard let address = options.page else { return Finding(.skipped, .switchedOff) }
    let page: PageReader.Page
    do throws(PageReader.Problem) {
      page = try PageReader(deadline: .now + options.scaled(.seconds(5))).read(address)
    } catch {
      return Finding(
        .unknown, .pageUnreadable, [Evidence(.path, address.text, .text), Evidence(.error, error.text, .text)])
    }
    let scan = PageScan(page.texts)
    var facts = [Evidence(.path, page.address.text, .text)]
    facts += page.missing.prefix(16).map { Evidence(.error, "? " + $0, .text) }
    if !scan.functions.isEmpty { facts.append(Evidence(.exports, scan.functions.joined(separator: " "))) }
    let (trouble, extensions) = extensionTrouble(scan.extensions)
    facts += extensions
    if scan.calls.isEmpty {
      if let trouble { return Finding(trouble == .pageExtensionUnread ? .unknown : .fault, trouble, facts) }
      if !extensions.isEmpty { return .ok(facts) }
      return scan.asksForActiveX
        ? Finding(.fault, .pageActiveX, facts) : Finding(.unknown, .pageCallsNothing, facts)
    }
    let ports = ListeningPort.all()
    let owners = SocketOwners(Set(ports.map(\.inode)))
    let answers = scan.calls.map { ($0, answer($0, ports, owners)) }
    facts += answers.flatMap { call, answer in
      [Evidence(.call, call.text + "  " + (answer.title ?? "?"), .text)] + answer.evidence
    }
    if !page.address.isSecure { return Finding(.fault, .pageInsecure, facts) }
    if answers.contains(where: { $0.1.isThere && $0.1.cause == nil }) { return .ok(facts) }
    let cause = answers.compactMap { $0.1.isThere ? $0.1.cause : nil }.first
    if let cause { return Finding(.fault, cause, facts) }
    let isOurs = scan.calls.contains { call in KnownService.all.contains { $0.port == call.port && $0.isAnsweredByUkey }
    }
    return Finding(.fault, .pageServiceDown, facts, fix: isOurs ? options.startKeyService : nil)
  }

  /// What is wrong with the extensions that a page calls, the most telling of it. One browser that has an extension will do;
  /// of one whose settings cannot be read nothing is said.
  private func extensionTrouble(_ ids: [String]) -> (Cause?, [Evidence]) {
    let home = options.isDemo ? nil : variable("HOME").flatMap { live.exists($0) ? $0 : nil }
    var found: [Cause] = []
    var facts: [Evidence] = []
    for id in ids {
      let browsers = home.map { BrowserExtension.all(id, home: $0) } ?? []
      let told = browsers.map { $0.browser + ": " + $0.state.rawValue }.joined(separator: ", ")
      facts.append(Evidence(.call, "chrome-extension://" + id + "  " + (told.isEmpty ? "-" : told), .text))
      let states = browsers.map(\.state)
      if states.contains(.on) { continue }
      // Root's own home has no browser in it; whoever opens the page has another.
      let isUnseen = states.contains(.unknown) || home == nil || (states.isEmpty && ownUser() == 0)
      found.append(
        isUnseen
          ? .pageExtensionUnread : states.contains(.off) ? .pageExtensionOff : .pageExtensionMissing)
    }
    let order: [Cause] = [.pageExtensionMissing, .pageExtensionOff, .pageExtensionUnread]
    return (order.first(where: found.contains), facts)
  }

  private struct CallAnswer {
    /// Whose service it is, where the port is known.
    var title: String?
    var isThere: Bool
    var cause: Cause?
    var evidence: [Evidence]
  }

  private func answer(_ call: PageScan.Call, _ ports: [ListeningPort], _ owners: SocketOwners) -> CallAnswer {
    let known = KnownService.all.first { $0.port == call.port }
    let tls = call.scheme == nil ? known?.tls ?? false : call.tls
    var service =
      known ?? KnownService(name: call.text, title: call.text, port: call.port, tls: tls, kind: .any(path: "/"))
    service.tls = tls
    guard let listening = program(behind: service, ports, owners) else {
      return CallAnswer(title: known?.title, isThere: false, cause: nil, evidence: [])
    }
    let (cause, detail) = ask(listening, service.kind)
    let programs =
      listening.owners.map { Evidence(.process, $0.text) }
      + (listening.owners.isEmpty ? listening.users.map { Evidence(.otherUser, "uid \($0)", .name) } : [])
    return CallAnswer(
      title: known?.title, isThere: true, cause: cause,
      evidence: programs + (detail.isEmpty ? [] : [Evidence(.answer, detail, .text)]))
  }

  /// Where pages come from that call this computer: the page asked about, else the platform, where one is known.
  var pageOrigin: String {
    if let origin = options.page?.origin { return origin }
    guard let platform = options.platform ?? options.publicPlatform else { return "https://localhost" }
    return "https://" + (platform.port == 443 ? platform.host : platform.text)
  }
}

extension PageReader.Problem {
  var text: String {
    switch self {
    case .unreadable(let text): text
    case .status(let number): "HTTP \(number)"
    case .timedOut: "timed out"
    case .tooManyRedirects: "redirects"
    }
  }
}
