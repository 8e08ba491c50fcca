import Base
import CertificateKit
import Foundation
import Glibc
import LoginToken
import SoftToken
import Synchronization

@testable import Platform

/// A platform with a database of its own, its clock in the test's hands, and a CA that it trusts (`Site`, which plays the
/// issuer and the holder).
final class World {
  static let origin = "https://platform.example"
  static let password = "correct horse 1"

  let folder: String
  let place: DatabasePlace
  let store: Store
  let site: Platform.Site
  let issuer: Site
  private let clock: ClockBox

  var now: Int64 {
    get { clock.now }
    set { clock.now = newValue }
  }

  init(_ kind: TestKeyKind = .sm2, on database: TestDatabase = .sqlite) throws {
    folder = FileManager.default.temporaryDirectory.path + "/ukey-platform-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    issuer = try Site(kind)
    let clock = ClockBox(Site.now)
    place = try database.make(in: folder)
    store = try Store(place, now: Site.now)
    var configuration = SiteConfiguration(origin: try require(WebOrigin(World.origin)))
    configuration.passwordCost = .least
    site = try Platform.Site(configuration, store: store, clock: { clock.now }, log: { _ in })
    self.clock = clock
    try trust(issuer.ca)
  }

  deinit {
    place.remove()
    rmdir(folder)
  }

  /// Another connection, as another process has it.
  func another() throws -> Store { try Store(place, now: now) }

  func pass(_ seconds: Int64) {
    now += seconds
  }

  func trust(_ ca: TestCA) throws {
    let certificate = try Certificate(der: ca.certificate)
    _ = try store.add(
      StoredAuthority(
        fingerprint: LoginDesk.fingerprint(certificate), der: ca.certificate, owner: certificate.owner, added: now,
        administrator: "test"))
    try store.touchTrust()
  }

  /// A holder's certificate and the key that signs for it.
  func holder(
    _ name: String = "深圳市示例建设工程有限公司", code: String = Site.code, from: Int64 = -30, to end: Int64 = 300,
    usage: TestCertificate.Usage = .signature, by ca: TestCA? = nil
  ) throws -> Holder {
    let key = try TestKey(issuer.key.kind)
    let issued = try (ca ?? issuer.ca).issue(
      .organization(
        name: name, uscc: code, keyKind: issuer.key.kind, usage: usage, notBefore: now + from * Site.day,
        notAfter: now + end * Site.day), privateKey: key.pkcs8)
    return Holder(certificate: try Certificate(der: issued.certificate), key: key)
  }

  /// A company that may log in, with the certificate of `holder`.
  func register(_ holder: Holder, login: String = "shili") throws -> Company {
    let code = try require(holder.certificate.uscc).code
    let company = Company(
      id: try Store.newID(), name: holder.certificate.owner, uscc: code, hasCodeWarning: false, loginName: login,
      contact: "张三", mobile: "13800000000", password: try PasswordHash.make(World.password, .least), state: .active,
      reason: "", receipt: "R-" + login, created: now)
    guard try store.add(company) else { throw OpenSSLFailed() }
    return company
  }

  func administrator(_ name: String) throws {
    var (administrator, _) = try Administrator.make(name, .least, now: now)
    administrator.password = try PasswordHash.make(World.password, .least)
    guard try store.add(administrator) else { throw OpenSSLFailed() }
  }

  func kinds() throws -> [String] {
    try store.auditEntries(before: nil, subject: nil, limit: 100).reversed().map(\.kind)
  }

  var refusals: [String] {
    get throws {
      try store.auditEntries(before: nil, subject: nil, limit: 100).filter { $0.kind == "login.refused" }.reversed()
        .map(\.detail)
    }
  }
}

private final class ClockBox: Sendable {
  private let value: Mutex<Int64>
  init(_ value: Int64) { self.value = Mutex(value) }
  var now: Int64 {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}

struct Holder {
  var certificate: Certificate
  var key: TestKey

  func token(_ nonce: String, origin: String = World.origin) throws -> String {
    let message = try LoginToken.signedBytes(
      origin: try require(WebOrigin(origin)), nonce: try require(Nonce(nonce)), certificate: certificate)
    return try require(LoginToken(certificate: certificate, signature: try key.sign(message))).json.line
  }
}

/// A browser: keeps cookies, sends what a form's page gave it.
final class Browser {
  let world: World
  var cookies: [String: String] = [:]
  var address = "192.0.2.7"
  var language = "zh-CN"
  /// Sent with forms; `nil` leaves it out.
  var origin: String? = World.origin
  private(set) var formToken = ""
  /// The page that is shown.
  private(set) var page = ""

  init(_ world: World) { self.world = world }

  @discardableResult
  func get(_ path: String) throws -> Reply { try send("GET", path, []) }

  /// Follows where the answer leads, as browsers do.
  @discardableResult
  func post(_ path: String, _ fields: [(String, String)] = [], token: String? = nil) throws -> Reply {
    let all = fields + [("form_token", token ?? formToken)]
    let body = all.map { AdministratorPages.encoded($0.0) + "=" + AdministratorPages.encoded($0.1) }.joined(
      separator: "&")
    return try send("POST", path, Array(body.utf8))
  }

  func send(
    _ method: String, _ path: String, _ body: [UInt8], type: String = "application/x-www-form-urlencoded"
  ) throws -> Reply {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    let (route, parameters) = try require(find(method, parts[0]))
    var raw = RawRequest(method: method, path: parts[0])
    raw.parameters = parameters
    raw.query = parts.count > 1 ? Array(parts[1].utf8) : []
    raw.body = body
    raw.address = address
    raw.headers = ["accept-language": language, "user-agent": "Test Firefox/1"]
    raw.headers["cookie"] = cookies.map { $0.key + "=" + $0.value }.joined(separator: "; ")
    if method == "POST" {
      raw.headers["origin"] = origin
      raw.headers["content-type"] = type
    }
    let reply = world.site.answer(route, raw, world.store)
    for (name, value) in reply.headers where name == "set-cookie" {
      let pair = value.prefix { $0 != ";" }.split(separator: "=", omittingEmptySubsequences: false)
      cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
    }
    if reply.status == 303, let place = reply.headers.first(where: { $0.name == "location" })?.value {
      return try get(place)
    }
    page = String(decoding: reply.body, as: UTF8.self)
    if let found = page.firstMatch(of: #/name="form_token" value="([0-9a-f]*)"/#) { formToken = String(found.1) }
    return reply
  }

  /// As the router does it.
  private func find(_ method: String, _ path: String) -> (Route, [String: String])? {
    let words = path.split(separator: "/")
    for route in Route.all where route.method == method {
      let pattern = route.path.split(separator: "/")
      guard pattern.count == words.count else { continue }
      var parameters: [String: String] = [:]
      let fits = zip(pattern, words).allSatisfy { pattern, word in
        guard pattern.hasPrefix("{") else { return pattern == word }
        parameters[String(pattern.dropFirst().dropLast())] = String(word)
        return true
      }
      if fits { return (route, parameters) }
    }
    return nil
  }

  func challenge() throws -> String {
    if formToken.isEmpty { try get("/login") }
    let before = page
    try post("/challenge")
    defer { page = before }
    return String(try require(page.firstMatch(of: #/"nonce": ?"([^"]+)"/#)).1)
  }

  @discardableResult
  func logIn(_ holder: Holder, login: String = "") throws -> Reply {
    try get("/login")
    return try post("/login/certificate", [("token", holder.token(challenge())), ("login_name", login)])
  }

  @discardableResult
  func logIn(_ name: String, _ password: String) throws -> Reply {
    try get("/login")
    return try post("/login/password", [("login_name", name), ("password", password)])
  }

  @discardableResult
  func logInAdministrator(_ name: String) throws -> Reply {
    try get("/admin/login")
    return try post("/admin/login", [("login_name", name), ("password", World.password)])
  }

  /// Of the answer to the last login; `nil` when there was no refusal.
  var refused: String? { page.firstMatch(of: #/data-refused="([^"]+)"/#).map { String($0.1) } }
  var marked: String? { page.firstMatch(of: #/data-marked="([^"]+)"/#).map { String($0.1) } }
  var isLoggedIn: Bool { page.contains(#"action="/logout""#) }
}
