/// A company's own account: contact, password, where it is logged in.
enum AccountPages {
  static let routes: [Route] = [
    .get("/account", .company) { visit throws(DatabaseError) in try page(visit) },
    .post("/account/contact", .company) { visit throws(DatabaseError) in try contact(visit) },
    .post("/account/password", .company, lane: .password) { visit throws(DatabaseError) in try password(visit) },
    .post("/account/session", .company) { visit throws(DatabaseError) in try end(visit) },
  ]

  private static func page(
    _ visit: Visit, notice: HTML? = nil, problems: [RegistrationForm.Field: RegistrationForm.Problem] = [:],
    status: Int = 200
  ) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let session = visit.session, let company = try visit.store.company(id: session.subject) else {
      return .redirect("/login")
    }
    let sessions = try visit.store.sessions(.company, company.id, now: visit.now)
    func problem(_ field: RegistrationForm.Field) -> String? {
      problems[field].map { RegistrationWords.text($0, field, t) }
    }
    return Layout.page(visit, title: t("账户", "Account"), status: status) {
      notice
      h("section") {
        h("h2") { t("经办人", "Contact person") }
        Layout.form(visit, "/account/contact") {
          Layout.field(
            Layout.Field(
              name: "contact", label: t("经办人姓名", "Name"), value: visit.form["contact"] ?? company.contact,
              problem: problem(.contact), autocomplete: "name", limit: 60), t)
          Layout.field(
            Layout.Field(
              name: "mobile", label: t("经办人手机", "Mobile"), value: visit.form["mobile"] ?? company.mobile, type: "tel",
              problem: problem(.mobile), autocomplete: "tel-national", limit: 20, mode: "numeric"), t)
          h("button", "second") { t("保存", "Save") }
        }
      }
      h("section") {
        h("h2") { t("登录密码", "Password") }
        Layout.form(visit, "/account/password") {
          if session.way == "password" {
            Layout.oldPassword(t)
          }
          Layout.newPassword(
            t, after: t("保存后，其他浏览器里的登录全部结束。", " All other browsers are logged out then."),
            problem: problem(.password))
          Layout.field(
            Layout.Field(
              name: "again", label: t("确认密码", "Password again"), type: "password", problem: problem(.again),
              autocomplete: "new-password", limit: 128), t)
          h("button", "second") { t("修改密码", "Change password") }
        }
      }
      h("section") {
        h("h2") { t("登录中的浏览器", "Where you are logged in") }
        Layout.table(
          t("登录中的浏览器", "Sessions"),
          [t("开始", "Since"), t("方式", "By"), t("地址", "Address"), t("浏览器", "Browser"), ""],
          sessions.map { each in
            [
              .text(CompanyPages.time(each.created)), .text(way(each.way, t)), .text(each.address),
              .text(browser(each.agent)),
              each.handle == session.handle
                ? .text(t("本次登录", "this one"))
                : Layout.form(visit, "/account/session", "inline") {
                  h(
                    "input",
                    [Attribute("type", "hidden"), Attribute("name", "handle"), Attribute("value", each.handle)])
                  h("button", "link") { t("结束", "End") }
                },
            ]
          }, empty: "")
      }
    }
  }

  private static func contact(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let session = visit.session else { return .redirect("/login") }
    var form = RegistrationForm()
    form.contact = visit.form.text("contact")
    form.mobile = visit.form.text("mobile")
    form = form.tidied()
    let wanted: [RegistrationForm.Field] = [.contact, .mobile]
    let problems = form.problems().filter { wanted.contains($0.field) }
    guard problems.isEmpty else {
      return try page(
        visit, problems: Dictionary(problems.map { ($0.field, $0.problem) }) { first, _ in first }, status: 422)
    }
    try visit.store.transaction { () throws(DatabaseError) in
      try visit.store.setContact(session.subject, contact: form.contact, mobile: form.mobile)
      let subject = "company " + session.subject
      try visit.store.audit(subject, "contact.changed", subject, RegistrationPages.masked(form.mobile), at: visit.now)
    }
    return try page(visit, notice: Layout.notice(.good, t("经办人已保存", "The contact person has been saved")))
  }

  private static func password(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let session = visit.session, let company = try visit.store.company(id: session.subject) else {
      return .redirect("/login")
    }
    let cost = visit.site.configuration.passwordCost
    // Who came by certificate has shown more than the old password would.
    if session.way == "password" {
      let name = "change " + company.id
      let isOver = try visit.store.isOver(Throttle.account, name, now: visit.now)
      guard !isOver, PasswordHash.verify(visit.form.text("old"), company.password, cost) else {
        try visit.store.count(name, now: visit.now)
        return try page(visit, notice: Layout.notice(.bad, t("原密码不正确", "The old password is wrong")), status: 403)
      }
    }
    let (new, again) = (visit.form.text("password"), visit.form.text("again"))
    if let problem = RegistrationForm.problem(password: new, loginName: company.loginName) {
      return try page(visit, problems: [.password: problem], status: 422)
    }
    guard new == again else { return try page(visit, problems: [.again: .passwordsDiffer], status: 422) }
    let hash = try PasswordHash.make(new, cost)
    try visit.store.transaction { () throws(DatabaseError) in
      try visit.store.setPassword(company.id, hash)
      try visit.store.endAll(.company, company.id, except: session.handle)
      try visit.store.audit("company " + company.id, "password.changed", "company " + company.id, at: visit.now)
    }
    return try page(visit, notice: Layout.notice(.good, t("密码已修改", "The password has been changed")))
  }

  private static func end(_ visit: Visit) throws(DatabaseError) -> Reply {
    guard let session = visit.session else { return .redirect("/login") }
    try visit.store.transaction { () throws(DatabaseError) in
      let isEnded = try visit.store.end(handle: visit.form.text("handle"), .company, session.subject)
      let subject = "company " + session.subject
      if isEnded { try visit.store.audit(subject, "session.ended", subject, at: visit.now) }
    }
    return .redirect("/account")
  }

  private static func way(_ way: String, _ t: PageLanguage) -> String {
    switch way {
    case "certificate": t("证书", "certificate")
    case "szca": t("旧版驱动", "older driver")
    default: t("密码", "password")
    }
  }

  /// What a person calls it.
  static func browser(_ agent: String) -> String {
    for (mark, name) in [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
    where agent.contains(mark) {
      return name
    }
    return String(agent.prefix(24))
  }
}
