import SoftToken
import Testing

@testable import Platform

@Suite struct RegistrationTests {
  static let fields = [
    ("name", "深圳市示例建设工程有限公司"), ("uscc", Site.code), ("contact", "张三"), ("mobile", "13800000000"),
    ("login_name", "shili"), ("password", World.password), ("again", World.password),
  ]

  private func fields(_ changes: [String: String] = [:]) -> [(String, String)] {
    var all = Self.fields.map { ($0.0, changes[$0.0] ?? $0.1) }
    for (name, value) in changes where !all.contains(where: { $0.0 == name }) { all.append((name, value)) }
    return all
  }

  /// The code as the mobile got it.
  private func code(_ browser: Browser, mobile: String = "13800000000") throws -> String {
    try browser.get("/register")
    try browser.post("/register/code", fields(["mobile": mobile]))
    var found = ""
    while let message = try browser.world.store.takeMessage(now: browser.world.now) {
      #expect(message.recipient == mobile && message.kind == .code)
      found = String(try require(message.body.firstMatch(of: #/验证码 (\d{6})/#)).1)
      try browser.world.store.sent(message)
    }
    return found
  }

  @Test(arguments: TestDatabase.allCases) func byHand(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let browser = Browser(world)
    let code = try code(browser)
    // What was written is still there, and no password.
    #expect(
      browser.marked == "code-sent" && browser.page.contains("value=\"张三\"") && !browser.page.contains(World.password))
    try browser.post("/register", fields(["code": code]))
    #expect(browser.page.contains("注册回执") && browser.page.contains("待审核") && browser.page.contains("138****0000"))
    let company = try require(try world.store.company(uscc: Site.code))
    #expect(company.state == .waiting && !company.hasCodeWarning && company.password.hasPrefix("scrypt$"))
    #expect(try world.kinds() == ["registration"])
    // The receipt is this browser's.
    let other = Browser(world)
    try other.get("/register/receipt")
    #expect(!other.page.contains(company.receipt))
    // Even where approval is not asked for, what was typed by hand waits; and its certificate does not open it.
    try browser.logIn(try world.holder())
    #expect(browser.refused == "waiting")
  }

  @Test(arguments: TestDatabase.allCases) func fromTheCertificate(_ database: TestDatabase) throws {
    let world = try World(on: database)
    try world.store.set(.needsApproval, false)
    let holder = try world.holder()
    let browser = Browser(world)
    let code = try code(browser)
    try browser.post("/register/certificate", fields(["token": holder.token(browser.challenge()), "name": "别的名字"]))
    #expect(browser.page.contains("1.2.156.10260.4.1.4") && browser.page.contains(holder.certificate.serialText))
    // Name and code are the certificate's, whatever the form says.
    try browser.post("/register", fields(["code": code, "name": "别的名字", "uscc": "914403001922038216"]))
    #expect(browser.page.contains("注册成功"))
    let company = try require(try world.store.company(uscc: Site.code))
    #expect(company.name == "深圳市示例建设工程有限公司" && company.state == .active)
    #expect(try world.store.certificates(of: company.id).map(\.serial) == [holder.certificate.serialText])
    #expect(try world.kinds() == ["registration", "certificate.bound"])
    try browser.logIn(holder)
    #expect(browser.isLoggedIn)
    // A second time it is told so.
    let again = Browser(world)
    let next = try self.code(again)
    try again.post("/register/certificate", fields(["token": holder.token(again.challenge())]))
    try again.post("/register", fields(["code": next, "login_name": "another"]))
    #expect(again.marked == "registered")
  }

  /// A certificate counts only for who shows that they hold its key: each public one can be sent by anybody.
  @Test(arguments: TestDatabase.allCases) func certificateWithoutItsKey(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    let browser = Browser(world)
    try browser.get("/register")
    let thief = Holder(certificate: holder.certificate, key: try TestKey(.sm2))
    try browser.post("/register/certificate", fields(["token": thief.token(browser.challenge())]))
    #expect(browser.marked == "signature-wrong" && !browser.page.contains("readonly"))
    // Nor one that was read in another browser.
    let other = Browser(world)
    try other.get("/register")
    try other.post("/register/certificate", fields(["token": holder.token(other.challenge())]))
    #expect(other.page.contains("readonly"))
    try browser.get("/register")
    #expect(!browser.page.contains("readonly"))
    // It is forgotten when told to, and after half an hour.
    try other.post("/register/forget")
    #expect(!other.page.contains("readonly"))
    try other.post("/register/certificate", fields(["token": holder.token(other.challenge())]))
    world.pass(1801)
    try other.get("/register")
    #expect(!other.page.contains("readonly"))
  }

  @Test(arguments: TestDatabase.allCases) func codesByMessage(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let browser = Browser(world)
    let right = try code(browser)
    let wrong = right == "000000" ? "000001" : "000000"
    try browser.post("/register", fields(["code": wrong]))
    #expect(browser.marked == "code-wrong")
    // For the mobile that it was sent to, and for this browser.
    try browser.post("/register", fields(["code": right, "mobile": "13800000001"]))
    #expect(browser.marked == "code-none")
    let other = Browser(world)
    try other.get("/register")
    try other.post("/register", fields(["code": right]))
    #expect(other.marked == "code-none")
    for _ in 0..<4 { try browser.post("/register", fields(["code": wrong])) }
    try browser.post("/register", fields(["code": right]))
    #expect(browser.marked == "code-none")
    // Three an hour to one mobile.
    _ = try code(browser)
    let third = try code(browser)
    #expect(try code(browser) == "" && browser.marked == "too-many")
    // The last that was sent still counts, for ten minutes.
    world.pass(601)
    try browser.post("/register", fields(["code": third]))
    #expect(browser.marked == "code-none")
    #expect(try world.store.company(uscc: Site.code) == nil)
  }

  /// Wherever they are asked for: the mobile may be a victim's.
  @Test func codesOfADay() throws {
    let world = try World()
    var sent = 0
    for number in 0..<8 {
      let browser = Browser(world)
      browser.address = "198.51.100.\(number)"
      for _ in 0..<3 where try code(browser) != "" { sent += 1 }
      world.pass(3601)
    }
    #expect(sent == 10)
    let late = Browser(world)
    #expect(try code(late) == "" && late.marked == "too-many" && late.page.contains("请明天再试"))
    world.pass(86_400)
    #expect(try code(late) != "")
  }

  @Test(arguments: TestDatabase.allCases) func whatIsTaken(_ database: TestDatabase) throws {
    let world = try World(on: database)
    _ = try world.register(try world.holder())
    let browser = Browser(world)
    // Only who has shown a mobile is told, and not which of the two it is.
    try browser.get("/register")
    try browser.post("/register", fields(["code": "123456"]))
    #expect(browser.marked == "code-none")
    let first = try code(browser)
    try browser.post("/register", fields(["code": first, "login_name": "another"]))
    #expect(browser.marked == "taken")
    try browser.post("/register", fields(["code": first, "uscc": "914403001922038216"]))
    #expect(browser.marked == "taken")
    #expect(try world.store.companies(search: "", state: nil, page: 0, limit: 10).count == 1)
  }

  @Test(
    arguments: [
      ("name", "", "请填写"), ("name", "深\u{202E}圳", "看不见"), ("name", String(repeating: "深", count: 121), "太长"),
      ("uscc", "9144030071526726XI", "不是 18 位"), ("uscc", "91440300", "不是 18 位"), ("login_name", "张三", "小写字母"),
      ("login_name", "abc", "小写字母"), ("mobile", "23800000000", "11 位"), ("mobile", "1380000000", "11 位"),
      ("code", "12345", "6 位"), ("password", "short", "至少 10"), ("password", "shili12345", "太容易"),
      ("password", "0123456789", "太容易"), ("password", "aaaaaaaaaaaa", "太容易"), ("again", "other password", "不一致"),
    ], TestDatabase.allCases) func fieldsThatAreWrong(_ wrong: (String, String, String), _ database: TestDatabase)
    throws
  {
    let (field, value, words) = wrong
    let world = try World(on: database)
    let browser = Browser(world)
    try browser.get("/register")
    let reply = try browser.post("/register", fields(["code": "123456"].merging([field: value]) { $1 }))
    #expect(reply.status == 422 && browser.page.contains(words) && browser.page.contains("aria-invalid=\"true\""))
    #expect(browser.page.contains("id=\"f-\(field)-problem\""))
    #expect(try world.store.company(uscc: Site.code) == nil)
  }

  /// Pilot codes have a check digit that does not fit: a warning, and the administrator sees it.
  @Test(arguments: TestDatabase.allCases) func checkDigitIsAWarning(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let browser = Browser(world)
    let code = try code(browser)
    let wrong = "9144030071526726XH"
    try browser.post("/register/code", fields(["uscc": wrong, "mobile": ""]))
    #expect(browser.page.contains("GB 32100"))
    try browser.post("/register", fields(["uscc": wrong, "code": code]))
    #expect(browser.page.contains("注册回执"))
    #expect(try world.store.company(uscc: wrong)?.hasCodeWarning == true)
  }

  @Test(arguments: TestDatabase.allCases) func missingEverything(_ database: TestDatabase) throws {
    let browser = Browser(try World(on: database))
    try browser.get("/register")
    #expect(try browser.post("/register").status == 422)
    #expect(try browser.post("/register/code").status == 422)
    #expect(try browser.post("/register/certificate").status == 403)
  }
}
