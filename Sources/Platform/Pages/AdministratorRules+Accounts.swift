/// Who administers.
extension AdministratorRules {
  static func account(_ visit: Visit, notice: HTML? = nil, status: Int = 200) throws(DatabaseError) -> Reply {
    let t = visit.language
    let all = try visit.store.administrators()
    let outbox = try visit.store.outboxCounts()
    return Layout.page(visit, title: t("管理员", "Administrators"), status: status) {
      notice
      Layout.table(
        t("管理员", "Administrators"), [t("登录名", "Login name"), t("建立", "Since"), ""],
        all.map { each in
          [
            .text(each.loginName), .text(CompanyPages.time(each.created)),
            all.count < 2
              ? .empty
              : Layout.form(visit, "/admin/account/remove", "inline") {
                h(
                  "input",
                  [Attribute("type", "hidden"), Attribute("name", "login_name"), Attribute("value", each.loginName)])
                h("button", "link") { t("移除", "Remove") }
              },
          ]
        }, empty: "")
      if all.count > 1 {
        h("p", "hint") {
          t("增加和移除管理员须经另一位管理员同意。", "Adding and removing one waits for the yes of another administrator.")
        }
      }
      Layout.facts([
        (
          t("短信", "SMS"),
          t(
            "待发 \(outbox["waiting"] ?? 0) · 已发 \(outbox["sent"] ?? 0) · 失败 \(outbox["failed"] ?? 0)",
            "waiting \(outbox["waiting"] ?? 0) · sent \(outbox["sent"] ?? 0) · failed \(outbox["failed"] ?? 0)")
        )
      ])
      h("section") {
        h("h2") { t("增加管理员", "Add an administrator") }
        Layout.form(visit, "/admin/account/add") {
          Layout.field(Layout.Field(name: "login_name", label: t("登录名", "Login name"), limit: 32), t)
          h("button", "second") { t("增加", "Add") }
        }
      }
      h("section") {
        h("h2") { t("修改我的密码", "Change my password") }
        Layout.form(visit, "/admin/account/password") {
          Layout.oldPassword(t)
          Layout.newPassword(t)
          h("button", "second") { t("修改密码", "Change password") }
        }
      }
    }
  }

  static func add(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    let name = RegistrationForm.trimmed(visit.form.text("login_name")).lowercased()
    guard RegistrationForm.isLoginName(name) else {
      return try account(
        visit, notice: Layout.notice(.bad, RegistrationWords.text(.loginNameShape, .loginName, t)), status: 422)
    }
    let known = try visit.store.administrators()
    if known.contains(where: { $0.loginName == name }) { return try nameIsTaken(visit) }
    // Who could add a second one alone would be two.
    if known.count > 1 {
      try propose("administrator.add", name, about: name, me, visit)
      return .redirect("/admin/rules")
    }
    let (administrator, password) = try Administrator.make(name, visit.site.configuration.passwordCost, now: visit.now)
    let isAdded = try visit.store.transaction { () throws(DatabaseError) in
      guard try visit.store.administrators().count < 2, try visit.store.add(administrator) else { return false }
      try visit.store.audit(
        "administrator " + me.loginName, "administrator.added", "administrator " + name, at: visit.now)
      return true
    }
    return isAdded ? try added(name, password, visit) : try nameIsTaken(visit)
  }

  static func added(_ name: String, _ password: String, _ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    return try account(
      visit,
      notice: Layout.notice(
        .good, t("已增加 \(name)，初始密码：\(password)", "\(name) was added; first password: \(password)"),
        t("密码只显示这一次，请当面交给本人并让其修改。", "It is shown once: hand it over in person and have it changed.")))
  }

  private static func nameIsTaken(_ visit: Visit) throws(DatabaseError) -> Reply {
    try account(
      visit, notice: Layout.notice(.bad, visit.language("登录名已被使用", "The login name is in use")), status: 409)
  }

  /// One of several, and with the yes of another.
  static func remove(_ visit: Visit) throws(DatabaseError) -> Reply {
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    let name = visit.form.text("login_name")
    let all = try visit.store.administrators()
    guard all.count > 1, all.contains(where: { $0.loginName == name }) else {
      return Plain.malformed(visit.site, visit.language)
    }
    try propose("administrator.remove", name, about: name, me, visit)
    return .redirect("/admin/rules")
  }

  static func password(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit), let session = visit.session else { return .redirect("/admin/login") }
    let cost = visit.site.configuration.passwordCost
    let name = "change " + me.id
    let isOver = try visit.store.isOver(Throttle.account, name, now: visit.now)
    guard !isOver, PasswordHash.verify(visit.form.text("old"), me.password, cost) else {
      try visit.store.count(name, now: visit.now)
      return try account(visit, notice: Layout.notice(.bad, t("原密码不正确", "The old password is wrong")), status: 403)
    }
    let new = visit.form.text("password")
    if let problem = RegistrationForm.problem(password: new, loginName: me.loginName) {
      return try account(visit, notice: Layout.notice(.bad, RegistrationWords.text(problem, .password, t)), status: 422)
    }
    let hash = try PasswordHash.make(new, cost)
    try visit.store.transaction { () throws(DatabaseError) in
      try visit.store.setAdministratorPassword(me.id, hash)
      try visit.store.endAll(.administrator, me.id, except: session.handle)
      try visit.store.audit(
        "administrator " + me.loginName, "password.changed", "administrator " + me.loginName, at: visit.now)
    }
    return try account(visit, notice: Layout.notice(.good, t("密码已修改", "The password has been changed")))
  }
}

extension Administrator {
  /// With a password of 100 random bits, in letters that are told apart when read aloud.
  package static func make(
    _ loginName: String, _ cost: PasswordCost, now: Int64
  ) throws(DatabaseError) -> (administrator: Administrator, password: String) {
    let alphabet = Array("23456789abcdefghjkmnpqrstuvwxyz")
    // Of a byte's 256 values 248 are taken, 8 for each of the 31 letters.
    var letters: [Character] = []
    while letters.count < 20 {
      letters += try Store.random(32).filter { $0 < 248 }.map { alphabet[Int($0) % alphabet.count] }
    }
    let password = String(letters.prefix(20))
    let administrator = Administrator(
      id: try Store.newID(), loginName: loginName, password: try PasswordHash.make(password, cost), created: now)
    return (administrator, password)
  }
}
