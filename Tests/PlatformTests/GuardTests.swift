import Testing

@testable import Platform

/// Those who want what is not theirs.
@Suite struct GuardTests {
  /// A page of another site sends a form with the victim's cookies.
  @Test(arguments: TestDatabase.allCases) func formsOfOtherSites(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    let company = try world.register(holder)
    let browser = Browser(world)
    try browser.logIn(holder)
    try browser.get("/account")
    let token = browser.formToken
    for origin in ["https://evil.example", "null", World.origin + ":8443", "http://platform.example"] {
      browser.origin = origin
      let reply = try browser.post("/account/contact", [("contact", "贼"), ("mobile", "13900000000")], token: token)
      #expect(reply.status == 403)
    }
    browser.origin = World.origin
    for wrong in ["", String(repeating: "0", count: 64), authenticationCode(world.site.formSecret, "other")] {
      #expect(
        try browser.post("/account/contact", [("contact", "贼"), ("mobile", "13900000000")], token: wrong).status == 403)
    }
    #expect(try world.store.company(id: company.id)?.contact == "张三")
    #expect(
      try browser.post("/account/contact", [("contact", "李四"), ("mobile", "13900000000")], token: token).status == 200)
    #expect(try world.store.company(id: company.id)?.contact == "李四")
    #expect(try world.kinds().filter { $0 == "request.foreign" }.count == 1)
    world.pass(61)
    browser.origin = "https://evil.example"
    try browser.post("/account/contact", token: token)
    #expect(try world.kinds().filter { $0 == "request.foreign" }.count == 2)
  }

  @Test(
    arguments: [
      (World.origin, "same-origin", .own), (World.origin, nil, .own), (nil, "same-origin", .own),
      (nil, nil, .foreign), (World.origin, "cross-site", .foreign), (World.origin, "same-site", .foreign),
      (World.origin, "none", .foreign), ("null", nil, .foreign), ("https://platform.example.evil", nil, .foreign),
    ] as [(String?, String?, RequestGuard.Verdict)]) func whereFormsComeFrom(
      _ origin: String?, _ site: String?, _ verdict: RequestGuard.Verdict
    )
  {
    #expect(
      RequestGuard.judge(own: World.origin, origin: origin, site: site, token: "t", expected: "t") == verdict)
  }

  @Test(arguments: TestDatabase.allCases) func everyFormIsGuarded(_ database: TestDatabase) throws {
    let world = try World(on: database)
    for route in Route.all where route.method == "POST" {
      let browser = Browser(world)
      try browser.get("/login")
      browser.origin = "https://evil.example"
      let path = route.path.replacing("{id}", with: "x")
      #expect(try browser.post(path).status == 403, "\(path)")
    }
  }

  /// What belongs to a role is shown to nobody else.
  @Test(arguments: TestDatabase.allCases) func placesOfOthers(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    let company = try world.register(holder)
    try world.administrator("chen")
    let (nobody, owner, administrator) = (Browser(world), Browser(world), Browser(world))
    try owner.logIn(holder)
    try administrator.logInAdministrator("chen")
    for route in Route.all where route.method == "GET" {
      let path = route.path.replacing("{id}", with: company.id).replacing("{name}", with: "platform.css")
        .replacing("{code}", with: "en")
      for (browser, may) in [
        (nobody, route.access == .anyone), (owner, route.access != .administrator),
        (administrator, route.access != .company),
      ] {
        try browser.get(path)
        if !may {
          #expect(
            browser.page.contains("<h1>登录</h1>") || browser.page.contains("<h1>管理员登录</h1>")
              || browser.page.contains("Log in</h1>") || browser.page.contains("Administrator</h1>"), "\(path)")
        }
        if route.access == .administrator, may { #expect(browser.isLoggedIn, "\(path)") }
      }
      for browser in [nobody, owner, administrator] { browser.cookies[Visit.languageCookie] = nil }
    }
  }

  /// The same answer, word for word, for an account that is there and one that is not.
  @Test(arguments: TestDatabase.allCases) func nobodyLearnsWhoIsRegistered(_ database: TestDatabase) throws {
    let world = try World(on: database)
    _ = try world.register(try world.holder())
    try world.store.set(.allowsPassword, true)
    try world.administrator("chen")
    func answer(_ path: String, _ page: String, _ name: String) throws -> String {
      let browser = Browser(world)
      try browser.get(page)
      try browser.post(path, [("login_name", name), ("password", "wrong password 1")])
      return browser.page.replacing(browser.formToken, with: "").replacing(name, with: "")
    }
    #expect(try answer("/login/password", "/login", "shili") == answer("/login/password", "/login", "keshi"))
    #expect(try answer("/admin/login", "/admin/login", "chen") == answer("/admin/login", "/admin/login", "wang"))
  }

  /// Somebody tries passwords; the holder still logs in, by certificate and from the browser used before.
  @Test(arguments: TestDatabase.allCases) func tryingKeepsNobodyOut(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    try world.store.set(.allowsPassword, true)
    let own = Browser(world)
    try own.logIn("shili", World.password)
    #expect(own.isLoggedIn)
    try own.post("/logout")
    for number in 0..<20 {
      let stranger = Browser(world)
      stranger.address = "198.51.100.\(number)"
      try stranger.logIn("shili", "guess number \(number)")
      #expect(stranger.refused == (number < 10 ? "password-wrong" : "too-many"))
    }
    // Even with the right password a browser that is not known waits; nothing tells that it was right.
    let other = Browser(world)
    try other.logIn("shili", World.password)
    #expect(other.refused == "too-many")
    try own.logIn("shili", World.password)
    #expect(own.isLoggedIn)
    let fresh = Browser(world)
    try fresh.logIn(holder)
    #expect(fresh.isLoggedIn)
    world.pass(901)
    try other.logIn("shili", World.password)
    #expect(other.isLoggedIn)
  }

  @Test(arguments: TestDatabase.allCases) func oneAddressTriesManyAccounts(_ database: TestDatabase) throws {
    let world = try World(on: database)
    try world.store.set(.allowsPassword, true)
    let browser = Browser(world)
    for number in 0..<30 {
      try browser.logIn("name\(number)", "guess number 1")
      #expect(browser.refused == "password-wrong")
    }
    try browser.logIn("name31", "guess number 1")
    #expect(browser.refused == "too-many")
    // A certificate that is right counts from there all the same.
    let holder = try world.holder()
    _ = try world.register(holder)
    try browser.logIn(holder)
    #expect(browser.isLoggedIn)
  }

  @Test(arguments: TestDatabase.allCases) func sessionsEnd(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let holder = try world.holder()
    _ = try world.register(holder)
    let (one, two) = (Browser(world), Browser(world))
    try one.logIn(holder)
    try two.logIn(holder)
    try one.get("/account")
    #expect(one.page.contains("本次登录") && one.page.contains("Firefox"))
    let handle = String(try require(one.page.firstMatch(of: #/name="handle" value="([0-9a-f]+)"/#)).1)
    // Not by a stranger who knows its name.
    let other = try world.holder("深圳市样板市政工程有限公司", code: "914403001922038216")
    _ = try world.register(other, login: "yangban")
    let stranger = Browser(world)
    try stranger.logIn(other)
    try stranger.get("/account")
    try stranger.post("/account/session", [("handle", handle)])
    try two.get("/home")
    #expect(two.isLoggedIn)
    try one.get("/account")
    try one.post("/account/session", [("handle", handle)])
    try two.get("/home")
    #expect(!two.isLoggedIn)
    // Idle for half an hour; and eight hours in all.
    world.pass(Session.idle)
    try one.get("/home")
    #expect(!one.isLoggedIn)
    try one.logIn(holder)
    for _ in 0..<17 {
      world.pass(1700)
      try one.get("/home")
    }
    #expect(!one.isLoggedIn)
  }

  /// A name is on pages of administrators too: it does not turn the rest of a line round.
  @Test func nothingUnseenStandsOnAPage() {
    for unseen in ["\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{1B}", "\u{E0001}"] {
      #expect(HTML.text("示例" + unseen + "公司").markup == "示例\u{FFFD}公司")
    }
    #expect(HTML.text("a\n&b").markup == "a\n&amp;b")
  }

  @Test(arguments: TestDatabase.allCases) func namesWithMarkup(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let name = #"<script>alert(1)</script>"'&"#
    let holder = try world.holder(name)
    _ = try world.register(holder)
    let browser = Browser(world)
    try browser.logIn(holder)
    #expect(
      browser.isLoggedIn && !browser.page.contains("<script>alert")
        && browser.page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"))
  }

  @Test(arguments: TestDatabase.allCases) func everyPageHasItsHeadersAndNoScriptOfItsOwn(_ database: TestDatabase)
    throws
  {
    let world = try World(on: database)
    for route in Route.all where route.method == "GET" && !route.path.contains("{") && route.access == .anyone {
      let browser = Browser(world)
      let reply = try browser.get(route.path)
      let headers = Dictionary(reply.headers.map { ($0.name, $0.value) }) { first, _ in first }
      let policy = try require(headers["content-security-policy"])
      #expect(
        policy.contains("default-src 'none'") && !policy.contains("unsafe") && policy.contains("frame-ancestors 'none'")
      )
      #expect(headers["x-content-type-options"] == "nosniff" && headers["cache-control"] == "no-store")
      #expect(headers["x-frame-options"] == "DENY" && headers["referrer-policy"] == "same-origin")
      #expect(
        !browser.page.contains("<script>") && !browser.page.contains(" onclick") && !browser.page.contains(" style="))
      if let cookie = headers["set-cookie"] {
        #expect(
          cookie.contains("; Secure; HttpOnly; SameSite=Strict") && cookie.hasPrefix("__Host-")
            && cookie.contains("Path=/;"))
      }
    }
  }

  @Test(
    arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "/login\r\nx: y", "/logout", ""],
    TestDatabase.allCases) func languageLeadsNowhereElse(_ back: String, _ database: TestDatabase) throws
  {
    let browser = Browser(try World(on: database))
    try browser.get("/language/en?back=" + AdministratorPages.encoded(back))
    #expect(browser.page.contains("<h1>For contractors</h1>"))
  }

  @Test(arguments: TestDatabase.allCases) func formsThatAreNone(_ database: TestDatabase) throws {
    let world = try World(on: database)
    let browser = Browser(world)
    try browser.get("/login")
    #expect(try browser.send("POST", "/login/certificate", Array("a=%FF".utf8)).status == 400)
    #expect(try browser.send("POST", "/login/certificate", Array("a=%4".utf8)).status == 400)
    #expect(try browser.send("POST", "/login/certificate", Array("a=1".utf8), type: "text/plain").status == 400)
    let gbk = "application/x-www-form-urlencoded; charset=GBK"
    #expect(try browser.send("POST", "/login/certificate", Array("a=1".utf8), type: gbk).status == 400)
    #expect(FormData(Array(repeating: UInt8(ascii: "&"), count: 200)) == FormData())
    #expect(FormData(Array(String(repeating: "a=1&", count: 101).utf8)) == nil)
    let form = try require(FormData(Array("a=%E6%B7%B1+%2B&b&a=2&=3".utf8)))
    #expect(form["a"] == "深 +" && form["b"] == "" && form["c"] == nil)
  }
}
