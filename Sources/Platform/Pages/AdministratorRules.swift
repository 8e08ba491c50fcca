internal import Base
import CertificateKit
internal import Failures
import LoginToken

/// What an authority decides: whose certificates count, which rules hold, who administers. What takes a protection away,
/// adds a CA or changes who administers waits for the yes of a second administrator.
enum AdministratorRules {
  static let routes: [Route] = [
    .get("/admin/authorities", .administrator) { visit throws(DatabaseError) in try authorities(visit) },
    .post("/admin/authorities", .administrator, limit: 256 << 10) { visit throws(DatabaseError) in
      try addAuthority(visit)
    },
    .post("/admin/lists", .administrator, limit: 4 << 20) { visit throws(DatabaseError) in try addList(visit) },
    .get("/admin/rules", .administrator) { visit throws(DatabaseError) in try rules(visit) },
    .post("/admin/rules", .administrator) { visit throws(DatabaseError) in try change(visit) },
    .post("/admin/reminders", .administrator) { visit throws(DatabaseError) in try changeReminders(visit) },
    // Who is added gets a password.
    .post("/admin/proposal", .administrator, lane: .password) { visit throws(DatabaseError) in try decide(visit) },
    .get("/admin/account", .administrator) { visit throws(DatabaseError) in try account(visit) },
    .post("/admin/account/add", .administrator, lane: .password) { visit throws(DatabaseError) in try add(visit) },
    .post("/admin/account/remove", .administrator) { visit throws(DatabaseError) in try remove(visit) },
    .post("/admin/account/password", .administrator, lane: .password) { visit throws(DatabaseError) in
      try password(visit)
    },
  ]

  static func me(_ visit: Visit) throws(DatabaseError) -> Administrator? {
    try visit.store.administrator(id: visit.session?.subject ?? "")
  }

  static func title(_ rule: Rule, _ t: PageLanguage) -> (String, String) {
    switch rule {
    case .needsRevocationList:
      (
        t("必须有有效的吊销列表", "A current revocation list is needed"),
        t("颁发者没有有效吊销列表的证书不能登录。", "Certificates whose issuer has no current list are refused.")
      )
    case .needsUSCC:
      (
        t("证书须含统一社会信用代码", "Certificates have to name the company’s code"),
        t("没有代码的证书（个人证书）一律拒绝。", "Those without (a person’s) are refused.")
      )
    case .needsApproval:
      (
        t("注册须经审核", "Registrations need approval"),
        t(
          "关闭后，出示了证书的注册立即生效；手工填写的仍须审核。",
          "Off, a registration with a certificate counts at once; one by hand still waits.")
      )
    case .allowsPassword:
      (t("允许密码登录", "Logging in with a password"), t("允许单位用登录名和密码登录。", "Companies may log in with name and password."))
    case .allowsSZCA:
      (
        t("允许旧版驱动登录", "Logging in by the older protocol"),
        t(
          "旧协议的签名不含网站名，安全性较低；都升级后请关闭。",
          "Its signatures do not name the site and protect less; close it when all have updated.")
      )
    }
  }

  static func rules(_ visit: Visit, notice: HTML? = nil, status: Int = 200) throws(DatabaseError) -> Reply {
    let t = visit.language
    let me = try me(visit)
    let proposals = try visit.store.openProposals()
    let days = try visit.store.reminderDays()
    var cells: [[HTML]] = []
    for rule in Rule.allCases {
      let isOn = try visit.store.isOn(rule)
      let (name, about) = title(rule, t)
      cells.append([
        h("div") {
          h("strong") { name }
          h("p", "hint") { about }
        }, .text(isOn ? t("✓ 开", "✓ on") : t("✕ 关", "✕ off")),
        Layout.form(visit, "/admin/rules", "inline") {
          h("input", [Attribute("type", "hidden"), Attribute("name", "rule"), Attribute("value", rule.rawValue)])
          h(
            "button",
            [Attribute("class", "second"), Attribute("name", "value"), Attribute("value", isOn ? "off" : "on")]
          ) {
            isOn ? t("关闭", "Switch off") : t("打开", "Switch on")
          }
          if rule.needsTwo(toBecome: !isOn) { h("span", "note") { t(" 须两人同意", " needs two") } }
        },
      ])
    }
    return Layout.page(visit, title: t("规则", "Rules"), isWide: true, status: status) {
      notice
      Layout.table(
        t("等待第二位管理员", "Waiting for a second administrator"),
        [t("内容", "What"), t("提出人", "By"), t("时间", "Time"), ""],
        proposals.map { each in
          [
            .text(describe(each, t)), .text(each.administrator), .text(CompanyPages.time(each.created)),
            Layout.form(visit, "/admin/proposal", "inline") {
              h("input", [Attribute("type", "hidden"), Attribute("name", "id"), Attribute("value", each.id)])
              if each.administrator != me?.loginName {
                h("button", [Attribute("name", "answer"), Attribute("value", "yes")]) { t("同意", "Yes") }
              }
              h("button", [Attribute("class", "second"), Attribute("name", "answer"), Attribute("value", "no")]) {
                each.administrator == me?.loginName ? t("撤回", "Take back") : t("不同意", "No")
              }
            },
          ]
        }, empty: t("没有等待的事项。", "Nothing waits."))
      Layout.table(t("规则", "Rules"), [t("规则", "Rule"), t("现在", "Now"), ""], cells, empty: "")
      reminders(days, visit)
    }
  }

  private static func change(_ visit: Visit) throws(DatabaseError) -> Reply {
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    guard let rule = Rule(rawValue: visit.form.text("rule")), ["on", "off"].contains(visit.form.text("value")) else {
      return Plain.malformed(visit.site, visit.language)
    }
    let isOn = visit.form.text("value") == "on"
    if rule.needsTwo(toBecome: isOn) {
      try propose(rule.rawValue, isOn ? "on" : "off", about: rule.rawValue, me, visit)
    } else {
      try visit.store.transaction { () throws(DatabaseError) in
        try visit.store.set(rule, isOn)
        try visit.store.audit(
          "administrator " + me.loginName, "rule.changed", rule.rawValue, isOn ? "on" : "off", at: visit.now)
      }
    }
    return .redirect("/admin/rules")
  }
}
