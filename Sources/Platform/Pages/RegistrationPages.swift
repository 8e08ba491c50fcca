import CertificateKit
internal import Failures
import LoginToken

/// Registering a company: from the certificate, or by hand.
enum RegistrationPages {
  static let routes: [Route] = [
    .get("/register") { visit throws(DatabaseError) in try page(visit) },
    .post("/register/certificate") { visit throws(DatabaseError) in try certificate(visit) },
    .post("/register/forget") { visit throws(DatabaseError) in try forget(visit) },
    .post("/register/code") { visit throws(DatabaseError) in try code(visit) },
    .post("/register", lane: .password) { visit throws(DatabaseError) in try register(visit) },
    .get("/register/receipt") { visit throws(DatabaseError) in try receipt(visit) },
  ]

  /// What the visitor has written, with what was read from the certificate in its place.
  struct Entry {
    var form: RegistrationForm
    var certificate: Certificate?
  }

  static func entry(_ visit: Visit) throws(DatabaseError) -> Entry {
    let from = visit.form
    var form = RegistrationForm()
    form.name = from.text("name")
    form.uscc = from.text("uscc")
    form.loginName = from.text("login_name")
    form.contact = from.text("contact")
    form.mobile = from.text("mobile")
    form.code = from.text("code")
    form.password = from.text("password")
    form.again = from.text("again")
    form = form.tidied()
    let der = try visit.store.reading(session: visit.key, now: visit.now)
    let certificate = der.flatMap { try? Certificate(der: $0) }
    if let certificate, let uscc = certificate.uscc {
      form.name = certificate.owner
      form.uscc = uscc.code
    }
    return Entry(form: form, certificate: certificate)
  }

  /// Proves that the visitor holds the certificate, and only then fills in what it says.
  private static func certificate(_ visit: Visit) throws(DatabaseError) -> Reply {
    let policy = try visit.site.trust.policy(visit.store, now: visit.now)
    let refusal = try LoginDesk(visit: visit).verify(LoginPages.token(visit, policy), by: policy) {
      (verdict) throws(DatabaseError) in
      try read(verdict, visit)
    }
    guard let refusal else { return try page(visit) }
    let words = LoginWords(refusal, visit.language, hotline: visit.site.configuration.hotline)
    return try page(visit, notice: Layout.notice(.bad, words.title, words.todo), marked: refusal.name, status: 403)
  }

  /// - Returns: why nothing was read.
  private static func read(_ verdict: LoginRefusal.Outcome, _ visit: Visit) throws(DatabaseError) -> LoginAnswer? {
    let address = "address " + visit.subscriber
    let refusal: LoginRefusal
    switch verdict {
    case .accepted(let identity):
      if let uscc = identity.uscc, uscc.check != .organizationCodeOnly {
        try visit.store.keepReading(identity.certificate.der, session: visit.key, now: visit.now)
        return nil
      }
      refusal = .identityMissing
    case .refused(let found):
      if try visit.store.isOver(Throttle.address, address, now: visit.now) { return .tooMany }
      refusal = found
    }
    try visit.store.transaction { () throws(DatabaseError) in
      try visit.store.count(address, now: visit.now)
      try visit.store.audit("visitor " + visit.address, "registration.refused", "", refusal.name, at: visit.now)
    }
    return .refused(refusal)
  }

  private static func forget(_ visit: Visit) throws(DatabaseError) -> Reply {
    try visit.store.dropReading(session: visit.key)
    return try page(visit)
  }

  /// Sends a code. What is said does not depend on whether the mobile is known here.
  private static func code(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    let entry = try self.entry(visit)
    guard RegistrationForm.isMobile(entry.form.mobile) else {
      return try page(
        visit, entry, problems: [(.mobile, entry.form.mobile.isEmpty ? .missing : .mobileShape)], status: 422)
    }
    /// What keeps a code from being sent.
    let over = try visit.store.transaction { () throws(DatabaseError) -> Throttle.Rule? in
      let (mobile, address) = ("mobile " + entry.form.mobile, "codes " + visit.subscriber)
      for (rule, name) in [(Throttle.mobileDay, mobile), (Throttle.mobile, mobile), (Throttle.codes, address)] {
        if try visit.store.isOver(rule, name, now: visit.now) { return rule }
      }
      let code = try newCode()
      try visit.store.count(mobile, now: visit.now)
      try visit.store.count(address, now: visit.now)
      try visit.store.keepCode(code, mobile: entry.form.mobile, session: visit.key, now: visit.now)
      try visit.store.send(
        .code, about: "code " + Store.newID(), to: entry.form.mobile, "【承包商平台】验证码 \(code)，10分钟内有效。工作人员不会索要验证码。",
        now: visit.now)
      return nil
    }
    let isSent = over == nil
    let notice =
      isSent
      ? Layout.notice(
        .good, t("验证码已发送", "A code has been sent"),
        t("10 分钟内有效，最多可试 5 次。", "It is valid for ten minutes and five tries."))
      : Layout.notice(
        .bad, t("验证码发送过于频繁", "Too many codes were asked for"),
        over == Throttle.mobileDay
          ? t("请明天再试。", "Please try again tomorrow.") : t("请一小时后再试。", "Please try again in an hour."))
    return try page(visit, entry, notice: notice, marked: isSent ? "code-sent" : "too-many", status: isSent ? 200 : 429)
  }

  /// Six digits, each as likely.
  private static func newCode() throws(DatabaseError) -> String {
    while true {
      let number = try Store.random(3).reduce(0) { $0 << 8 | Int($1) }
      // 16 million of 16.7: what is above would make small numbers likelier.
      if number < 16_000_000 {
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - text.utf8.count) + text
      }
    }
  }

  private static func register(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    let store = visit.store
    let entry = try self.entry(visit)
    let form = entry.form
    let problems = form.problems()
    guard problems.isEmpty else { return try page(visit, entry, problems: problems, status: 422) }
    func refused(_ title: String, _ todo: String, _ name: String, _ status: Int = 409) throws(DatabaseError) -> Reply {
      try page(visit, entry, notice: Layout.notice(.bad, title, todo), marked: name, status: status)
    }
    switch try store.checkCode(form.code, mobile: form.mobile, session: visit.key, now: visit.now) {
    case .right: break
    case .wrong:
      return try refused(
        t("验证码不正确", "The code is wrong"), t("请核对短信里的 6 位数字。", "Please check the six digits of the SMS."), "code-wrong",
        422)
    case .none:
      return try refused(
        t("验证码已失效", "There is no valid code"), t("请点“获取验证码”重新获取。", "Please press “Send a code”."), "code-none", 422)
    }
    if try store.isOver(Throttle.registration, "registration " + visit.subscriber, now: visit.now) {
      return try refused(
        t("注册过于频繁", "Too many registrations"), t("请一小时后再试。", "Please try again in an hour."), "too-many", 429)
    }
    let hash = try PasswordHash.make(form.password, visit.site.configuration.passwordCost)
    // The certificate may have been revoked or its CA removed since it was read.
    let identity = try admitted(entry.certificate, visit)
    if entry.certificate != nil, identity == nil {
      try store.dropReading(session: visit.key)
      return try refused(
        t("证书已不能用于注册", "The certificate cannot be used any more"), t("请重新读取证书。", "Please read it again."),
        "certificate-refused")
    }
    let needsApproval = try store.isOn(.needsApproval)
    let isAdded = try store.transaction { () throws(DatabaseError) in
      var company = Company(
        id: try Store.newID(), name: form.name, uscc: form.uscc, hasCodeWarning: USCC.validate(form.uscc) != .valid,
        loginName: form.loginName, contact: form.contact, mobile: form.mobile, password: hash, state: .waiting,
        reason: "",
        receipt: try receiptNumber(), created: visit.now)
      // Who has not shown a certificate has not shown who they are.
      if identity != nil, !needsApproval { company.state = .active }
      guard try store.add(company) else { return false }
      let subject = "company " + company.id
      try store.audit("visitor " + visit.address, "registration", subject, company.uscc, at: visit.now)
      if let identity {
        _ = try store.bind(LoginDesk.bound(identity, company: company.id, now: visit.now))
        try store.audit(subject, "certificate.bound", subject, LoginDesk.mark(identity.certificate), at: visit.now)
      }
      try store.count("registration " + visit.subscriber, now: visit.now)
      try store.dropCode(session: visit.key)
      try store.dropReading(session: visit.key)
      try store.keepReceipt(company: company.id, session: visit.key, now: visit.now)
      return true
    }
    guard isAdded else {
      if identity != nil, try store.company(uscc: form.uscc) != nil {
        return try refused(
          t("贵单位已经注册", "The company is registered already"),
          t("请直接用这张证书登录，不需要重新注册。", "Just log in with this certificate."), "registered")
      }
      return try refused(
        t("登录名或统一社会信用代码已被使用", "Login name or code is in use"),
        t(
          "请换一个登录名；如果贵单位已注册，请用证书登录，或拨服务热线 \(visit.site.configuration.hotline)。",
          "Take another login name; if the company is registered, log in with its certificate or call \(visit.site.configuration.hotline)."
        ), "taken")
    }
    return .redirect("/register/receipt")
  }

  private static func admitted(_ certificate: Certificate?, _ visit: Visit) throws(DatabaseError) -> LoginIdentity? {
    guard let certificate else { return nil }
    let policy = try visit.site.trust.policy(visit.store, now: visit.now)
    do throws(LoginRefusal) { return try policy.admit(certificate, now: visit.now) } catch { return nil }
  }

  /// `R-` and ten letters and digits that cannot be mistaken for each other.
  private static func receiptNumber() throws(DatabaseError) -> String {
    let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    return "R-" + String(try Store.random(10).map { alphabet[Int($0) % alphabet.count] })
  }

  private static func receipt(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let company = try visit.store.receipt(session: visit.key, now: visit.now) else {
      return .redirect("/register")
    }
    return Layout.page(visit, title: t("注册回执", "Receipt of the registration"), scripts: ["ukey.js", "key.js"]) {
      company.state == .active
        ? Layout.notice(
          .good, t("注册成功", "The company is registered"), t("现在可以用证书登录。", "You can log in with the certificate now."))
        : Layout.notice(
          .good, t("注册申请已提交", "The registration has been sent"),
          t(
            "管理员审核通过后即可登录；请保存或打印本回执。",
            "You can log in once an administrator has approved it. Keep or print this receipt."))
      h("section") {
        Layout.facts([
          (t("回执号", "Number"), company.receipt), (t("企业名称", "Company"), company.name),
          (t("统一社会信用代码", "Code"), company.uscc), (t("登录名", "Login name"), company.loginName),
          (t("经办人", "Contact"), company.contact), (t("手机", "Mobile"), masked(company.mobile)),
          (t("提交时间", "Sent"), CompanyPages.time(company.created)),
          (t("状态", "State"), CompanyPages.word(company.state, t)),
        ])
      }
      h("p", "actions") {
        h(
          "button",
          [
            Attribute("type", "button"), Attribute("class", "second"), Attribute("data-print", ""),
            Attribute("hidden", if: true),
          ]
        ) { t("打印回执", "Print") }
        h("a", [Attribute("href", "/login")]) { t("去登录", "Log in") }
      }
    }
  }

  /// `138****5678`: enough to know one's own.
  static func masked(_ mobile: String) -> String { mobile.prefix(3) + "****" + mobile.suffix(4) }
}
