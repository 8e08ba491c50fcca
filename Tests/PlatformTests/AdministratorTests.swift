import CertificateKit
import SoftToken
import Testing

@testable import Platform

@Suite struct AdministratorTests {
  private func world(on database: TestDatabase, _ names: String...) throws -> (World, [Browser]) {
    let world = try World(on: database)
    for name in names { try world.administrator(name) }
    return (
      world,
      try names.map { name in
        let browser = Browser(world)
        try browser.logInAdministrator(name)
        return browser
      }
    )
  }

  @Test(arguments: TestDatabase.allCases) func companiesAreApprovedAndSuspended(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    let (chen, wang) = (browsers[0], browsers[1])
    let holder = try world.holder()
    let company = try world.register(holder)
    let owner = Browser(world)
    try owner.logIn(holder)
    let place = "/admin/company/" + company.id
    try chen.get(place)
    #expect(chen.page.contains(holder.certificate.serialText))
    try chen.post(place, [("state", "active"), ("next", "suspended"), ("reason", " ")])
    #expect(chen.page.contains("停用须写明原因"))
    try wang.get(place)
    try chen.post(place, [("state", "active"), ("next", "suspended"), ("reason", "资质过期")])
    #expect(chen.page.contains("已停用"))
    // Logged out at once.
    try owner.get("/home")
    #expect(!owner.isLoggedIn)
    // Who looked before sees that another was first.
    try wang.post(place, [("state", "active"), ("next", "suspended"), ("reason", "别的")])
    #expect(wang.page.contains("另一位管理员已先处理"))
    try wang.post(place, [("state", "suspended"), ("next", "active"), ("reason", "")])
    try owner.logIn(holder)
    #expect(owner.isLoggedIn)
    try chen.get("/admin/audit?search=company%20" + company.id)
    #expect(chen.page.contains("company.suspended") && chen.page.contains("资质过期"))
  }

  @Test(arguments: TestDatabase.allCases) func search(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen")
    let chen = browsers[0]
    _ = try world.register(try world.holder())
    _ = try world.register(try world.holder("深圳市100%_样板", code: "914403001922038216"), login: "yangban")
    for (query, found) in [
      ("", [true, true]), ("示例", [true, false]), ("9144030019", [false, true]), ("yang", [false, true]),
      ("100%_", [false, true]),
      ("%", [false, true]), ("_", [false, true]), ("\\", [false, false]), ("nobody", [false, false]),
    ] {
      try chen.get("/admin?search=" + AdministratorPages.encoded(query))
      #expect([chen.page.contains("深圳市示例建设工程"), chen.page.contains("深圳市100%_样板")] == found, "\(query)")
    }
    try chen.get("/admin?state=waiting")
    #expect(chen.page.contains("没有符合条件的单位"))
  }

  /// What takes a protection away waits for a second; the first cannot be both.
  @Test(arguments: [Rule.needsUSCC, .needsApproval], TestDatabase.allCases) func suspendingARuleNeedsTwo(
    _ rule: Rule, _ database: TestDatabase
  ) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    let (chen, wang) = (browsers[0], browsers[1])
    try chen.get("/admin/rules")
    try chen.post("/admin/rules", [("rule", rule.rawValue), ("value", "off")])
    #expect(try world.store.isOn(rule))
    let id = String(try require(chen.page.firstMatch(of: #/name="id" value="([0-9a-f]+)"/#)).1)
    #expect(try chen.post("/admin/proposal", [("id", id), ("answer", "yes")]).status == 409)
    #expect(try world.store.isOn(rule))
    // The same again is not a second proposal.
    try chen.post("/admin/rules", [("rule", rule.rawValue), ("value", "off")])
    #expect(try world.store.openProposals().count == 1)
    try wang.get("/admin/rules")
    try wang.post("/admin/proposal", [("id", id), ("answer", "yes")])
    #expect(try !world.store.isOn(rule))
    #expect(try wang.post("/admin/proposal", [("id", id), ("answer", "yes")]).status == 409)
    // Back by one alone.
    try chen.post("/admin/rules", [("rule", rule.rawValue), ("value", "on")])
    #expect(try world.store.isOn(rule))
    #expect(try world.kinds().suffix(3) == ["proposal", "proposal.accepted", "rule.changed"])
  }

  @Test(arguments: TestDatabase.allCases) func proposalTakenBack(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    try browsers[0].get("/admin/rules")
    try browsers[0].post("/admin/rules", [("rule", "approval"), ("value", "off")])
    let id = try require(try world.store.openProposals().first).id
    try browsers[0].post("/admin/proposal", [("id", id), ("answer", "no")])
    #expect(try world.store.openProposals().isEmpty && world.store.isOn(.needsApproval))
    try browsers[1].get("/admin/rules")
    #expect(try browsers[1].post("/admin/proposal", [("id", id), ("answer", "yes")]).status == 409)
  }

  @Test(arguments: TestDatabase.allCases) func authorityNeedsTwo(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    let ca = try TestCA.make(kind: .sm2, commonName: "Another CA")
    let holder = try world.holder(by: ca)
    _ = try world.register(holder)
    let owner = Browser(world)
    try owner.logIn(holder)
    #expect(owner.refused == "untrusted")
    try browsers[0].get("/admin/authorities")
    #expect(try browsers[0].post("/admin/authorities", [("pem", holder.certificate.pem)]).status == 422)
    #expect(try browsers[0].post("/admin/authorities", [("pem", "text")]).status == 422)
    try browsers[0].post("/admin/authorities", [("pem", PEM.encode(ca.certificate))])
    #expect(browsers[0].page.contains("Another CA"))
    try owner.logIn(holder)
    #expect(owner.refused == "untrusted")
    let id = try require(try world.store.openProposals().first).id
    try browsers[1].get("/admin/rules")
    try browsers[1].post("/admin/proposal", [("id", id), ("answer", "yes")])
    try owner.logIn(holder)
    #expect(owner.isLoggedIn)
    // Trusting less needs one.
    let fingerprint = LoginDesk.fingerprint(try Certificate(der: ca.certificate))
    try browsers[1].get("/admin/authorities")
    try browsers[1].post("/admin/authorities", [("remove", fingerprint)])
    try owner.logIn(holder)
    #expect(owner.refused == "untrusted")
  }

  @Test(
    arguments: [(nil, "revocation-list-missing"), ("260201000000Z", "revocation-list-expired"), ("300101000000Z", nil)]
      as [(String?, String?)], TestDatabase.allCases)
  func listIsDemandedWhereTheRuleSaysSo(_ list: (next: String?, refusal: String?), _ database: TestDatabase) throws {
    let (next, refusal) = list
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    try world.store.set(.needsRevocationList, true)
    if let next {
      let bytes = try RevocationListMaker.make(world.issuer, revoked: [], next: next)
      let list = StoredList(id: next, bytes: bytes, issuer: "", thisUpdate: 0, nextUpdate: 0)
      _ = try world.store.add(list, administrator: "chen", now: world.now)
      try world.store.touchTrust()
    }
    let browser = Browser(world)
    try browser.logIn(holder)
    #expect(browser.refused == refusal && browser.isLoggedIn == (refusal == nil))
  }

  @Test(arguments: TestDatabase.allCases) func administratorsAreAdded(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen")
    let chen = browsers[0]
    try chen.get("/admin/account")
    #expect(try chen.post("/admin/account/add", [("login_name", "A")]).status == 422)
    #expect(try chen.post("/admin/account/add", [("login_name", "chen")]).status == 409)
    try chen.post("/admin/account/add", [("login_name", "wang")])
    let password = String(try require(chen.page.firstMatch(of: #/初始密码：([0-9a-z]{20})/#)).1)
    let wang = Browser(world)
    try wang.get("/admin/login")
    try wang.post("/admin/login", [("login_name", "wang"), ("password", password)])
    #expect(wang.isLoggedIn)
    try wang.get("/admin/account")
    #expect(!wang.page.contains(password))
    #expect(try wang.post("/admin/account/password", [("old", "wrong"), ("password", World.password)]).status == 403)
    #expect(try wang.post("/admin/account/password", [("old", password), ("password", "short")]).status == 422)
    #expect(try wang.post("/admin/account/password", [("old", password), ("password", World.password)]).status == 200)
    let again = Browser(world)
    try again.logInAdministrator("wang")
    #expect(again.isLoggedIn)
  }

  /// As soon as there are two, one alone neither makes a third nor takes the other away.
  @Test(arguments: TestDatabase.allCases) func whoAdministersNeedsTwo(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    let (chen, wang) = (browsers[0], browsers[1])
    func names() throws -> [String] { try world.store.administrators().map(\.loginName) }
    func proposal() throws -> String { try require(try world.store.openProposals().first).id }
    try chen.get("/admin/account")
    try chen.post("/admin/account/add", [("login_name", "zhao")])
    #expect(chen.page.contains("增加管理员：zhao"))
    #expect(try names() == ["chen", "wang"])
    #expect(try chen.post("/admin/proposal", [("id", try proposal()), ("answer", "yes")]).status == 409)
    try wang.get("/admin/rules")
    try wang.post("/admin/proposal", [("id", try proposal()), ("answer", "yes")])
    let password = String(try require(wang.page.firstMatch(of: #/初始密码：([0-9a-z]{20})/#)).1)
    let zhao = Browser(world)
    try zhao.get("/admin/login")
    try zhao.post("/admin/login", [("login_name", "zhao"), ("password", password)])
    #expect(zhao.isLoggedIn)
    // What who is removed has proposed goes with them.
    try zhao.get("/admin/rules")
    try zhao.post("/admin/rules", [("rule", "approval"), ("value", "off")])
    let left = try proposal()
    try chen.get("/admin/account")
    try chen.post("/admin/account/remove", [("login_name", "zhao")])
    #expect(chen.page.contains("移除管理员：zhao"))
    let id = try require(try world.store.openProposals().first { $0.kind == "administrator.remove" }).id
    #expect(try chen.post("/admin/proposal", [("id", id), ("answer", "yes")]).status == 409)
    #expect(try names().contains("zhao"))
    try wang.get("/admin/rules")
    try wang.post("/admin/proposal", [("id", id), ("answer", "yes")])
    #expect(try names() == ["chen", "wang"])
    try zhao.get("/admin")
    #expect(zhao.page.contains("管理员登录"))
    #expect(try wang.post("/admin/proposal", [("id", left), ("answer", "yes")]).status == 409)
    #expect(try world.store.isOn(.needsApproval))
    #expect(
      try world.kinds().filter { $0.hasPrefix("administrator.") } == ["administrator.added", "administrator.removed"])
  }

  @Test(arguments: TestDatabase.allCases) func lastAdministratorStays(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen", "wang")
    let (chen, wang) = (browsers[0], browsers[1])
    try chen.get("/admin/account")
    for name in ["chen", "wang"] { try chen.post("/admin/account/remove", [("login_name", name)]) }
    #expect(try chen.post("/admin/account/remove", [("login_name", "nobody")]).status == 400)
    let proposals = try world.store.openProposals()
    #expect(proposals.count == 2)
    // Both were proposed by chen: with the first carried out the other is gone, or makes no sense any more.
    try wang.get("/admin/rules")
    let first = try require(proposals.first { $0.value == "wang" })
    try wang.post("/admin/proposal", [("id", first.id), ("answer", "yes")])
    try wang.get("/admin")
    #expect(wang.page.contains("管理员登录"))
    #expect(try world.store.administrators().map(\.loginName) == ["chen"])
    try chen.get("/admin/account")
    #expect(!chen.page.contains("/admin/account/remove"))
    #expect(try chen.post("/admin/account/remove", [("login_name", "chen")]).status == 400)
    #expect(try !world.store.removeAdministrator(loginName: "chen", by: "chen", now: world.now))
  }

  /// In the audit an administrator has a name, also when logging out.
  @Test(arguments: TestDatabase.allCases) func administratorsAreNamed(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen")
    try browsers[0].get("/admin")
    try browsers[0].post("/logout")
    let entries = try world.store.auditEntries(before: nil, subject: "administrator chen", limit: 10)
    #expect(entries.map(\.kind) == ["logout", "login"])
  }

  @Test(arguments: TestDatabase.allCases) func reminderDaysAreSet(_ database: TestDatabase) throws {
    let (world, browsers) = try world(on: database, "chen")
    let chen = browsers[0]
    let holder = try world.holder(from: -300, to: 15)
    _ = try world.register(holder)
    try Browser(world).logIn(holder)
    try chen.get("/admin/rules")
    #expect(chen.page.contains(#"value="90 60 30 7""#))
    for text in ["", "0", "366", "7 7", "seven", "1 2 3 4 5 6 7 8 9"] {
      #expect(try chen.post("/admin/reminders", [("days", text)]).status == 422, "\(text)")
    }
    try chen.post("/admin/reminders", [("days", "3，14、45")])
    #expect(chen.page.contains(#"value="45 14 3""#))
    try chen.post("/admin/reminders", [("days", "45 14 3")])
    var told: [Int] = []
    for day in 0..<20 {
      if try world.store.remind(hotline: "400", now: world.now) > 0 { told.append(15 - day) }
      world.pass(86_400)
    }
    #expect(told == [15, 14, 3])
    #expect(try world.kinds().filter { $0 == "reminders.changed" }.count == 1)
  }
}
