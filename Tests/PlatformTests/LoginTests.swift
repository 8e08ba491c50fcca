import CertificateKit
import Foundation
import LoginToken
import SoftToken
import Testing

@testable import Platform

@Suite struct LoginTests {
  @Test(arguments: TestKeyKind.allCases, TestDatabase.allCases) func certificateLogsIn(
    _ kind: TestKeyKind, _ database: TestDatabase
  ) throws {
    let world = try World(kind, on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    try browser.get("/login")
    let before = try require(browser.cookies[Visit.sessionCookie])
    try browser.logIn(holder)
    #expect(browser.isLoggedIn && browser.page.contains("深圳市示例建设工程有限公司"))
    // Rotated: the token from before is worth nothing.
    #expect(browser.cookies[Visit.sessionCookie] != before)
    let thief = Browser(world)
    thief.cookies[Visit.sessionCookie] = before
    try thief.get("/home")
    #expect(!thief.isLoggedIn)
    #expect(try world.kinds() == ["certificate.bound", "login"])
  }

  @Test(arguments: TestDatabase.allCases) func tokenCountsOnce(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    let token = try holder.token(browser.challenge())
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.isLoggedIn)
    try browser.post("/logout")
    try browser.get("/login")
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.refused == "challenge-unknown")
    // Nor after another challenge.
    _ = try browser.challenge()
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.refused == "signature-wrong")
  }

  /// What was given to one browser is of no use in another.
  @Test(arguments: TestDatabase.allCases) func tokenOfAnotherBrowser(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let (victim, thief) = (Browser(world), Browser(world))
    let token = try holder.token(victim.challenge())
    try thief.get("/login")
    try thief.post("/login/certificate", [("token", token)])
    #expect(thief.refused == "challenge-unknown")
    _ = try thief.challenge()
    try thief.post("/login/certificate", [("token", token)])
    #expect(thief.refused == "signature-wrong" && !thief.isLoggedIn)
    // The victim's own challenge still counts.
    try victim.post("/login/certificate", [("token", token)])
    #expect(victim.isLoggedIn)
  }

  @Test(arguments: [299, 300, 301], TestDatabase.allCases) func challengeLastsFiveMinutes(
    _ age: Int64, _ database: TestDatabase
  ) throws {
    let isGood = age <= 300
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    let token = try holder.token(browser.challenge())
    world.pass(age)
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.isLoggedIn == isGood)
    if !isGood { #expect(browser.refused == "challenge-expired") }
  }

  @Test(arguments: TestDatabase.allCases) func strangersAreRefusedByName(_ database: TestDatabase) throws {
    let world = try World(on: database)
    _ = try world.register(try world.holder())
    let sameName = try TestCA.make(kind: world.issuer.key.kind)
    let cases: [(Holder, String)] = [
      (try world.holder(from: -30, to: -1), "certificate-expired"),
      (try world.holder(from: 1, to: 30), "certificate-not-yet-valid"),
      (try world.holder(usage: .encryption), "key-usage"),
      (try world.holder(by: sameName), "untrusted"),
      (try world.holder("深圳市样板市政工程有限公司", code: "914403001922038216"), "unregistered"),
      (try world.holder("张三", code: "-"), "identity-missing"),
    ]
    for (holder, name) in cases {
      let browser = Browser(world)
      let reply = try browser.logIn(holder)
      #expect(browser.refused == name && reply.status == 403 && !browser.isLoggedIn)
      // What to do is said, in both languages.
      browser.language = "en"
      try browser.logIn(holder)
      #expect(browser.page.contains(#"role="alert""#) && browser.page.contains(#"lang="en""#))
    }
    #expect(try world.refusals == cases.flatMap { [$0.1, $0.1] })
  }

  /// What happens while the hash is computed counts: an account that was closed meanwhile has no session.
  @Test(arguments: TestDatabase.allCases) func aLoginOnItsWayDoesNotOutliveItsAccount(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let company = try world.register(try world.holder())
    try world.store.set(.allowsPassword, true)
    try world.administrator("zhao")
    try world.administrator("chen")
    let chen = try require(try world.store.administrator(loginName: "chen"))
    // Seconds, in which what happens meanwhile has its time on any machine.
    let slow = try PasswordHash.make(World.password, PasswordCost(logN: 16, r: 8, p: 8))
    try world.store.setPassword(company.id, slow)
    try world.store.setAdministratorPassword(chen.id, slow)
    let (place, now) = (world.place, world.now)
    func meanwhile(_ body: @escaping @Sendable (Store) throws -> Void, _ login: () throws -> Void) throws {
      let end = DispatchSemaphore(value: 0)
      // Connected before: that alone may take as long as the hash.
      let store = try Store(place, now: now)
      Thread.detachNewThread {
        usleep(100_000)
        try? body(store)
        end.signal()
      }
      try login()
      end.wait()
    }
    let browser = Browser(world)
    try browser.get("/login")
    try meanwhile({ store in
      try store.transaction { () throws(DatabaseError) in
        _ = try store.move(company.id, from: .active, to: .suspended, reason: "x")
        try store.endAll(.company, company.id)
      }
    }) { try browser.post("/login/password", [("login_name", "shili"), ("password", World.password)]) }
    #expect(!browser.isLoggedIn)
    #expect(try world.store.sessions(.company, company.id, now: now).isEmpty)

    let other = Browser(world)
    try other.get("/admin/login")
    try meanwhile({ _ = try $0.removeAdministrator(loginName: "chen", by: "zhao", now: now) }) {
      try other.post("/admin/login", [("login_name", "chen"), ("password", World.password)])
    }
    #expect(try world.store.administrator(loginName: "chen") == nil)
    #expect(try world.store.sessions(.administrator, chen.id, now: now).isEmpty)
  }

  @Test(arguments: TestDatabase.allCases) func tokenForAnotherSite(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    try browser.post(
      "/login/certificate", [("token", try holder.token(browser.challenge(), origin: "https://evil.example"))])
    #expect(browser.refused == "signature-wrong")
  }

  @Test(arguments: TestDatabase.allCases) func certificateOfAnotherCompany(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let (first, second) = (try world.holder(), try world.holder("深圳市样板市政工程有限公司", code: "914403001922038216"))
    _ = try world.register(first, login: "shili")
    _ = try world.register(second, login: "yangban")
    let browser = Browser(world)
    try browser.logIn(second, login: "shili")
    #expect(browser.refused == "other-company" && browser.page.contains("这张证书属于别的单位"))
    // The same words whether there is such an account or not.
    try browser.logIn(second, login: "nobody")
    #expect(browser.refused == "other-company")
    try browser.logIn(second, login: " YangBan ")
    #expect(browser.isLoggedIn)
  }

  @Test(arguments: TestDatabase.allCases) func renewedCertificate(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let old = try world.holder(from: -300, to: 20)
    _ = try world.register(old)
    let browser = Browser(world)
    try browser.logIn(old)
    #expect(browser.page.contains("证书还有 20 天到期"))
    let new = try world.holder(from: -1, to: 365)
    try browser.logIn(new)
    #expect(browser.isLoggedIn && browser.page.contains("已识别到新证书") && browser.page.contains("剩余 365 天"))
    #expect(browser.page.contains(old.certificate.serialText) && browser.page.contains(new.certificate.serialText))
  }

  @Test(arguments: TestDatabase.allCases) func revoked(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    try world.administrator("chen")
    let administrator = Browser(world)
    try administrator.logInAdministrator("chen")
    var maker = world.issuer
    maker.policy.revocation = []
    let list = try RevocationListMaker.make(maker, revoked: [holder.certificate.serial])
    try administrator.get("/admin/authorities")
    let pem = PEM.encode(list, label: "X509 CRL")
    try administrator.post("/admin/lists", [("pem", pem)])
    #expect(administrator.page.contains("吊销列表") && administrator.page.contains("2026"))
    let browser = Browser(world)
    try browser.logIn(holder)
    #expect(browser.refused == "revoked")
    let other = try world.holder()
    try browser.logIn(other)
    #expect(browser.isLoggedIn)
    // A list that another CA signed is not taken.
    let foreign = try Site(world.issuer.key.kind)
    let reply = try administrator.post(
      "/admin/lists", [("pem", PEM.encode(try RevocationListMaker.make(foreign, revoked: []), label: "X509 CRL"))])
    #expect(reply.status == 422)
  }

  @Test(arguments: TestDatabase.allCases) func stateOfTheCompany(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    let company = try world.register(holder)
    let browser = Browser(world)
    #expect(try world.store.move(company.id, from: .active, to: .suspended, reason: "资质过期"))
    try browser.logIn(holder)
    #expect(browser.refused == "suspended" && browser.page.contains("资质过期"))
  }

  @Test(
    arguments: [
      "", "{", "[]", "{\"format\":\"ukey:2\"}",
      "{\"format\":\"ukey:1\",\"algorithm\":\"SM2-SM3\",\"certificate\":\"AAAA\",\"signature\":\"AAAA\"}",
      String(repeating: "[", count: 30_000),
    ], TestDatabase.allCases) func whatIsNoToken(_ text: String, _ database: TestDatabase) throws
  {
    let world = try World(on: database)
    let browser = Browser(world)
    _ = try browser.challenge()
    let reply = try browser.post("/login/certificate", [("token", text)])
    #expect(reply.status == 403 && browser.refused != nil)
  }

  /// SM2 with r or s of 0, and DER with something behind it.
  @Test(arguments: ["MAYCAQACAQA=", "MAYCAQECAQA=", "MAYCAQACAQE="], TestDatabase.allCases) func nullSignatures(
    _ signature: String, _ database: TestDatabase
  ) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    let nonce = try browser.challenge()
    let token = try holder.token(nonce).replacing(#/"signature": ?"[^"]*"/#, with: "\"signature\":\"\(signature)\"")
    try browser.post("/login/certificate", [("token", token)])
    #expect(browser.refused == "signature-wrong")
  }

  @Test(arguments: TestDatabase.allCases) func oldProtocol(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let browser = Browser(world)
    try browser.get("/login/szca")
    let nonce = try browser.challenge()
    let builder = try SignedDataBuilder(
      Array(nonce.utf8), signer: holder.certificate,
      form: .init(dialect: .gm, hasAttributes: false, isDetached: false))
    let signed = try builder.finish(try holder.key.sign(builder.input))
    try browser.post("/login/szca", [("signed", Base64.encode(signed))])
    #expect(browser.isLoggedIn)
    try browser.post("/logout")
    try browser.get("/login/szca")
    try browser.post("/login/szca", [("signed", Base64.encode(signed))])
    #expect(browser.refused == "challenge-unknown")
    try world.store.set(.allowsSZCA, false)
    try browser.post("/login/szca", [("signed", Base64.encode(signed))])
    #expect(browser.refused == "szca-not-allowed")
  }

  /// A signature that another key made, or that was changed anywhere.
  @Test(arguments: TestKeyKind.allCases, TestDatabase.allCases) func changedSignatures(
    _ kind: TestKeyKind, _ database: TestDatabase
  ) throws {
    let world = try World(kind, on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    for place in [0, 1, 8, 20, -1] {
      let browser = Browser(world)
      let nonce = try browser.challenge()
      let message = try LoginToken.signedBytes(
        origin: world.site.origin, nonce: try require(Nonce(nonce)), certificate: holder.certificate)
      var signature = try holder.key.sign(message)
      signature[place < 0 ? signature.count - 1 : place] ^= 1
      let token = try require(LoginToken(certificate: holder.certificate, signature: signature))
      try browser.post("/login/certificate", [("token", token.json.line)])
      #expect(browser.refused == "signature-wrong")
    }
    let browser = Browser(world)
    let other = Holder(certificate: holder.certificate, key: try TestKey(kind))
    try browser.logIn(other)
    #expect(browser.refused == "signature-wrong")
  }

  @Test(arguments: TestDatabase.allCases) func tokenThatIsTooLarge(_ database: TestDatabase) throws {
    let browser = Browser(try World(on: database))
    _ = try browser.challenge()
    let certificate = String(repeating: "A", count: 65_536)
    try browser.post(
      "/login/certificate",
      [("token", #"{"format":"ukey:1","algorithm":"SM2-SM3","certificate":"\#(certificate)","signature":"AAAA"}"#)])
    #expect(browser.refused == "malformed")
  }

  /// The code of an organisation alone, as older certificates have it, names the company if only one has it.
  @Test(arguments: TestDatabase.allCases) func organizationCodeAlone(_ database: TestDatabase) throws {
    let world = try World(on: database)
    _ = try world.register(try world.holder())
    let browser = Browser(world)
    try browser.logIn(try world.holder(code: String(Site.code.dropFirst(8).prefix(9))))
    #expect(browser.isLoggedIn)
  }
}
