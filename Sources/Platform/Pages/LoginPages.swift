import CertificateKit
internal import Failures
import LoginToken
import StrictJSON

/// Logging in and out.
enum LoginPages {
  static let routes: [Route] = [
    .get("/login") { visit throws(DatabaseError) in try page(visit, nil) },
    .get("/login/szca") { visit throws(DatabaseError) in try szcaPage(visit, nil) },
    .post("/challenge") { visit throws(DatabaseError) in try challenge(visit) },
    .post("/login/certificate") { visit throws(DatabaseError) in try certificate(visit) },
    .post("/login/szca") { visit throws(DatabaseError) in try szca(visit) },
    .post("/login/password", lane: .password) { visit throws(DatabaseError) in try password(visit) },
    .post("/logout") { visit throws(DatabaseError) in try logOut(visit) },
    .get("/admin/login") { visit in administratorPage(visit, nil) },
    .post("/admin/login", lane: .password) { visit throws(DatabaseError) in try administrator(visit) },
  ]

  private static func page(_ visit: Visit, _ answer: LoginAnswer?) throws(DatabaseError) -> Reply {
    let t = visit.language
    let allowsPassword = try visit.store.isOn(.allowsPassword)
    let allowsSZCA = try visit.store.isOn(.allowsSZCA)
    return Layout.page(
      visit, title: t("登录", "Log in"), scripts: ["ukey.js", "key.js"], status: answer == nil ? 200 : 403
    ) {
      notice(visit, answer)
      h("section") {
        h("h2") { t("证书登录", "With the certificate") }
        h("p") {
          t(
            "插入 U-Key，点下面的按钮，然后在密钥服务弹出的窗口里输入 U-Key 密码。",
            "Insert the U-Key, press the button, and type the PIN into the window of the key service.")
        }
        Layout.form(visit, "/login/certificate", nil, KeyForm.attributes(visit)) {
          Layout.field(
            Layout.Field(
              name: "login_name", label: t("登录名", "Login name"), value: visit.form.text("login_name"),
              hint: t("填写后，只接受该账户所属单位的证书。", "With it only that account’s certificate is taken."),
              autocomplete: "username",
              isOptional: true, limit: 32), t)
          h("button", [Attribute("type", "button"), Attribute("data-key", "login"), Attribute("hidden", if: true)]) {
            t("证书登录", "Log in with certificate")
          }
          KeyForm.told(visit)
        }
        if allowsSZCA {
          h("p", "hint") {
            h("a", [Attribute("href", "/login/szca")]) { t("使用旧版 SZCA 驱动登录", "Log in with the older SZCA driver") }
          }
        }
      }
      if allowsPassword {
        h("section") {
          h("h2") { t("密码登录", "With a password") }
          Layout.form(visit, "/login/password") {
            Layout.field(
              Layout.Field(name: "login_name", label: t("登录名", "Login name"), autocomplete: "username", limit: 32), t)
            Layout.field(
              Layout.Field(
                name: "password", label: t("登录密码（不是 U-Key 密码）", "Password (not the PIN of the U-Key)"),
                type: "password",
                autocomplete: "current-password", limit: 128), t)
            h("button", "second") { t("密码登录", "Log in with password") }
          }
        }
      }
      h("p") {
        t("还没有账户？", "No account yet? ")
        h("a", [Attribute("href", "/register")]) { t("注册", "Register") }
      }
    }
  }

  private static func szcaPage(_ visit: Visit, _ answer: LoginAnswer?) throws(DatabaseError) -> Reply {
    let t = visit.language
    return Layout.page(
      visit, title: t("旧版驱动登录", "Log in with the older driver"), scripts: ["szca.js"], status: answer == nil ? 200 : 403
    ) {
      notice(visit, answer)
      h("p") {
        t(
          "适用于只装有“深圳CA互通证书驱动”的电脑。密码只在驱动弹出的窗口里输入；输入期间本页会停住，这是正常的。",
          "For computers that have only the SZCA driver. The PIN is typed into the driver’s window; this page stands still meanwhile."
        )
      }
      Layout.form(visit, "/login/szca", nil, KeyForm.szcaAttributes(visit)) {
        h("input", [Attribute("type", "hidden"), Attribute("name", "signed")])
        h("button", [Attribute("type", "button"), Attribute("data-szca", "login"), Attribute("hidden", if: true)]) {
          t("登录", "Log in")
        }
        KeyForm.told(visit)
      }
    }
  }

  private static func notice(_ visit: Visit, _ answer: LoginAnswer?) -> HTML {
    guard let answer else { return .empty }
    let words = LoginWords(answer, visit.language, hotline: visit.site.configuration.hotline)
    return h("div", [Attribute("data-refused", answer.name)]) { Layout.notice(.bad, words.title, words.todo) }
  }

  /// A nonce for this browser's session, good once and for five minutes.
  private static func challenge(_ visit: Visit) throws(DatabaseError) -> Reply {
    let challenges = Challenges(SessionChallenges(visit.store, session: visit.key))
    let challenge: Challenge
    do throws(Failure) { challenge = try challenges.issue(for: visit.site.origin, now: visit.now) } catch {
      throw DatabaseError(.system, error.description)
    }
    let json = JSONValue.object([("nonce", .string(challenge.nonce.text))])
    return Reply(status: 200, headers: [("content-type", "application/json")], body: Array(json.line.utf8))
  }

  private static func certificate(_ visit: Visit) throws(DatabaseError) -> Reply {
    let desk = LoginDesk(visit: visit)
    let policy = try visit.site.trust.policy(visit.store, now: visit.now)
    let outcome = try desk.verify(token(visit, policy), by: policy) { (verdict) throws(DatabaseError) in
      try desk.logIn(verdict, way: "certificate", loginName: visit.form.text("login_name"))
    }
    return try finish(visit, outcome) { (answer) throws(DatabaseError) in try page(visit, answer) }
  }

  /// The token of a form.
  static func token(_ visit: Visit, _ policy: LoginPolicy) -> Proof {
    do throws(LoginRefusal) {
      return .token(try LoginToken(json: Array(visit.form.text("token").utf8), policy: policy))
    } catch {
      return .unreadable(error)
    }
  }

  private static func szca(_ visit: Visit) throws(DatabaseError) -> Reply {
    let desk = LoginDesk(visit: visit)
    guard try visit.store.isOn(.allowsSZCA) else { return try szcaPage(visit, .szcaNotAllowed) }
    var proof = Proof.unreadable(.malformed(detail: "base64"))
    if let bytes = Base64.decode(visit.form.text("signed").utf8), !bytes.isEmpty {
      proof = .signature(.signedData(bytes))
    }
    let policy = try visit.site.trust.policy(visit.store, now: visit.now)
    let outcome = try desk.verify(proof, by: policy) { (verdict) throws(DatabaseError) in
      try desk.logIn(verdict, way: "szca", loginName: "")
    }
    return try finish(visit, outcome) { (answer) throws(DatabaseError) in try szcaPage(visit, answer) }
  }

  private static func password(_ visit: Visit) throws(DatabaseError) -> Reply {
    let outcome = try LoginDesk(visit: visit).logIn(
      loginName: visit.form.text("login_name"), password: visit.form.text("password"))
    return try finish(visit, outcome) { (answer) throws(DatabaseError) in try page(visit, answer) }
  }

  private static func finish(
    _ visit: Visit, _ outcome: LoginOutcome, _ refused: (LoginAnswer) throws(DatabaseError) -> Reply
  ) throws(DatabaseError) -> Reply {
    switch outcome {
    case .refused(let answer): return try refused(answer)
    case .company(_, let token, let device, let isNew): return entered(isNew ? "/home?new=1" : "/home", token, device)
    case .administrator(_, let token, let device): return entered("/admin", token, device)
    }
  }

  /// With a new token: whoever knew the one before knows nothing.
  private static func entered(_ path: String, _ token: String, _ device: String?) -> Reply {
    var reply = Reply.redirect(path)
    reply.set(cookie: Visit.sessionCookie, token, seconds: nil)
    if let device { reply.set(cookie: Visit.deviceCookie, device, seconds: 180 * 86_400) }
    return reply
  }

  private static func logOut(_ visit: Visit) throws(DatabaseError) -> Reply {
    try visit.store.transaction { () throws(DatabaseError) in
      try visit.store.end(token: visit.token)
      if let session = visit.session {
        let name = session.kind == .administrator ? try visit.store.administrator(id: session.subject)?.loginName : nil
        let subject = session.kind.rawValue + " " + (name ?? session.subject)
        try visit.store.audit(subject, "logout", subject, at: visit.now)
      }
    }
    var reply = Reply.redirect("/")
    reply.set(cookie: Visit.sessionCookie, "", seconds: 0)
    return reply
  }

  private static func administratorPage(_ visit: Visit, _ answer: LoginAnswer?) -> Reply {
    let t = visit.language
    return Layout.page(visit, title: t("管理员登录", "Administrator"), status: answer == nil ? 200 : 403) {
      notice(visit, answer)
      Layout.form(visit, "/admin/login") {
        Layout.field(
          Layout.Field(
            name: "login_name", label: t("登录名", "Login name"), value: visit.form.text("login_name"),
            autocomplete: "username",
            limit: 32), t)
        Layout.field(
          Layout.Field(
            name: "password", label: t("密码", "Password"), type: "password", autocomplete: "current-password", limit: 128
          ), t)
        h("button") { t("登录", "Log in") }
      }
    }
  }

  private static func administrator(_ visit: Visit) throws(DatabaseError) -> Reply {
    let outcome = try LoginDesk(visit: visit).logInAdministrator(
      loginName: visit.form.text("login_name"), password: visit.form.text("password"))
    return try finish(visit, outcome) { (answer) in administratorPage(visit, answer) }
  }
}

/// What the page's script has to know, in attributes: a page has no script of its own.
enum KeyForm {
  static func attributes(_ visit: Visit) -> [Attribute] {
    [
      Attribute("data-service", visit.site.configuration.keyService),
      Attribute("data-words", words(visit.language, visit)),
      Attribute("data-language", visit.language.rawValue),
    ]
  }

  static func szcaAttributes(_ visit: Visit) -> [Attribute] {
    attributes(visit) + [Attribute("data-szca-services", visit.site.configuration.szcaServices.joined(separator: " "))]
  }

  /// Where the script says what goes on, and what those without script are told.
  static func told(_ visit: Visit) -> HTML {
    let t = visit.language
    return h("div") {
      h("div", [Attribute("class", "told"), Attribute("role", "status"), Attribute("aria-live", "polite")])
      h("noscript") {
        Layout.notice(
          .warning, t("浏览器没有启用脚本", "This browser runs no scripts"),
          t("用 U-Key 的步骤需要启用脚本；其他各页没有脚本也能用。", "What uses the U-Key needs scripts; all other pages work without."))
      }
    }
  }

  /// Of the errors that a holder can do something about; others have the service's own words.
  private static func words(_ t: PageLanguage, _ visit: Visit) -> String {
    let hotline = visit.site.configuration.hotline
    let all: [(String, String)] = [
      ("busy", t("请在密钥服务的窗口里确认并输入 U-Key 密码…", "Please answer the window of the key service and type the PIN there…")),
      ("reading", t("正在读取证书…", "Reading the certificate…")),
      ("sending", t("正在核对…", "Checking…")),
      (
        "pin-locked",
        t(
          "U-Key 已锁定：请办理“介质解锁”，不要再试。服务热线 \(hotline)", "The U-Key is locked: have it unlocked (介质解锁). Hotline \(hotline)"
        )
      ),
      ("pin-wrong", t("U-Key 密码不正确，还可以试 {n} 次。", "The PIN is wrong; {n} tries are left.")),
      (
        "few-tries",
        t(
          "U-Key 密码只剩 {n} 次机会，网页不再发起输入：请在 U-Key 管理工具里核对密码，忘记密码请办理“介质解锁”。",
          "Only {n} tries of the PIN are left and pages may not ask any more: check the PIN in the U-Key manager, or have the key unlocked."
        )
      ),
      ("key-missing", t("没有找到 U-Key：请插入后再试。", "There is no U-Key: insert it and try again.")),
      ("certificate-missing", t("U-Key 里没有签名证书。", "There is no signature certificate on the U-Key.")),
      ("cancelled", t("已取消，没有登录。", "Cancelled; you are not logged in.")),
      ("failed", t("没有完成：", "It did not work: ")),
      (
        "szca-none",
        t(
          "没有连上 SZCA 驱动：请确认已安装并启动，或改用“证书登录”。",
          "The SZCA driver does not answer: see that it is installed and runs, or use “Log in with certificate”.")
      ),
    ]
    return JSONValue.object(all.map { ($0.0, .string($0.1)) }).line
  }
}
