internal import Base
internal import CertificateKit
package import LoginToken

/// What an authority configures; Docs/platform.md has each.
package struct SiteConfiguration: Sendable {
  /// As browsers name it.
  package var origin: WebOrigin
  /// Folder of CA certificates and revocation lists.
  package var trustFolder: String?
  package var titleZH = "政府工程承包商分类分级管理信息平台"
  package var titleEN = "Contractor Classification and Grading Platform"
  package var hotline = "400-112-3838"
  /// Where the key service of the visitor's computer listens.
  package var keyService = "http://127.0.0.1:21517"
  /// Where the service of the older protocol does; the first that answers is taken.
  package var szcaServices = ["http://127.0.0.1:21317", "http://127.0.0.1:9528"]
  /// Reverse proxies in front of it, who say where a visitor comes from.
  package var proxies = TrustedProxies()
  package var passwordCost = PasswordCost.usual
  /// Says on every page that nothing here counts.
  package var isDemo = false

  package init(origin: WebOrigin) { self.origin = origin }
}

/// All that pages need beside a connection: nothing in it belongs to one visitor.
package final class Site: Sendable {
  package let configuration: SiteConfiguration
  let trust: Trust
  /// Of the forms' tokens; the same in every process on this database.
  let formSecret: [UInt8]
  let clock: @Sendable () -> Int64
  let log: @Sendable (String) -> Void

  var origin: WebOrigin { configuration.origin }

  package init(
    _ configuration: SiteConfiguration, store: Store, clock: @escaping @Sendable () -> Int64,
    log: @escaping @Sendable (String) -> Void
  ) throws(DatabaseError) {
    self.configuration = configuration
    self.clock = clock
    self.log = log
    trust = Trust(folder: configuration.trustFolder)
    formSecret = try store.secret("forms")
  }

  /// Answers a request on a thread that may wait.
  func answer(_ route: Route, _ raw: RawRequest, _ store: Store) -> Reply {
    do throws(DatabaseError) {
      return finished(try visit(route, raw, store))
    } catch {
      log("\(raw.method) \(route.path): \(error)")
      let language = PageLanguage(
        choice: Visit.cookie(Visit.languageCookie, raw), accepts: raw.headers["accept-language"])
      return finished(error.kind == .unknown ? Plain.unknown(self, language) : Plain.unavailable(self, language))
    }
  }

  /// With the headers of every page.
  func finished(_ reply: Reply) -> Reply {
    guard isPage(reply) || reply.status == 303 else { return reply }
    var reply = reply
    reply.headers += headers
    return reply
  }

  private func visit(_ route: Route, _ raw: RawRequest, _ store: Store) throws(DatabaseError) -> Reply {
    let language = PageLanguage(
      choice: Visit.cookie(Visit.languageCookie, raw), accepts: raw.headers["accept-language"])
    guard let query = FormData(raw.query), let form = body(raw) else { return Plain.malformed(self, language) }
    let now = clock()
    let brought = Visit.cookie(Visit.sessionCookie, raw)
    let token = if let brought { brought } else { try Store.newToken() }
    var visit = Visit(
      raw: raw, query: query, form: form, language: language, token: token,
      isNewToken: brought == nil, session: nil, now: now, site: self, store: store)
    if let brought { visit.session = try store.session(token: brought, now: now) }
    if raw.method == "POST" {
      let verdict = RequestGuard.judge(
        own: origin.description, origin: raw.headers["origin"], site: raw.headers["sec-fetch-site"],
        token: form["form_token"] ?? raw.headers["x-form-token"], expected: brought == nil ? "" : visit.formToken)
      if verdict != .own {
        if verdict == .foreign { try note(foreign: raw, route, store, now) }
        return Plain.stale(visit, isForeign: verdict == .foreign)
      }
    }
    switch route.access {
    case .anyone: break
    case .company: guard visit.session?.kind == .company else { return .redirect("/login") }
    case .administrator: guard visit.session?.kind == .administrator else { return .redirect("/admin/login") }
    }
    var reply = try route.answer(visit)
    if visit.isNewToken, isPage(reply), !reply.headers.contains(where: { $0.name == "set-cookie" }) {
      reply.set(cookie: Visit.sessionCookie, visit.token, seconds: nil)
    }
    return reply
  }

  /// One row a minute for an address: what a stranger sends does not fill the audit.
  private func note(foreign raw: RawRequest, _ route: Route, _ store: Store, _ now: Int64) throws(DatabaseError) {
    try store.transaction { () throws(DatabaseError) in
      let name = "foreign " + (NetworkAddress(raw.address)?.subscriber ?? raw.address)
      guard try store.attempts(name, within: 60, now: now) == 0 else { return }
      try store.count(name, now: now)
      try store.audit("visitor " + raw.address, "request.foreign", route.path, raw.headers["origin"] ?? "", at: now)
    }
  }

  private func isPage(_ reply: Reply) -> Bool {
    reply.headers.contains {
      $0.name == "content-type" && !$0.value.hasPrefix("text/css") && !$0.value.hasPrefix("text/javascript")
    }
  }

  /// The form of a POST; `nil` when what came is none.
  private func body(_ raw: RawRequest) -> FormData? {
    guard raw.method == "POST" else { return FormData() }
    let type = (raw.headers["content-type"] ?? "").lowercased().filter { $0 != " " }
    let parts = type.split(separator: ";")
    guard parts.first == "application/x-www-form-urlencoded" else { return raw.body.isEmpty ? FormData() : nil }
    if let charset = parts.first(where: { $0.hasPrefix("charset=") }), charset.dropFirst(8) != "utf-8" { return nil }
    return FormData(raw.body)
  }

  /// Nothing but our own files, no script in a page, no frame; of the visitor's computer only the two services.
  private var headers: [(name: String, value: String)] {
    let services = ([configuration.keyService] + configuration.szcaServices).flatMap { address in
      address.hasPrefix("http:") ? [address, "ws:" + address.dropFirst(5)] : [address]
    }
    return [
      (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' "
          + services.joined(separator: " ") + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
      ),
      ("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
      // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
      ("referrer-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
      ("cross-origin-resource-policy", "same-origin"),
      ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ]
      // Browsers keep it by host name: on this machine it would shut other programs out.
      + (origin.isThisMachine ? [] : [("strict-transport-security", "max-age=31536000")])
  }
}
