/// What administrators do with companies, and what they see of what happened.
enum AdministratorPages {
  static let routes: [Route] = [
    .get("/admin", .administrator) { visit throws(DatabaseError) in try companies(visit) },
    .get("/admin/company/{id}", .administrator) { visit throws(DatabaseError) in try company(visit) },
    .post("/admin/company/{id}", .administrator) { visit throws(DatabaseError) in try decide(visit) },
    .get("/admin/audit", .administrator) { visit throws(DatabaseError) in try audit(visit) },
  ]

  private static let pageSize = 50
  private static let countLimit = 9999

  private static func companies(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    let search = String(RegistrationForm.trimmed(visit.query.text("search")).prefix(100))
    let state = Company.State(rawValue: visit.query.text("state"))
    let page = min(max(Int(visit.query.text("page")) ?? 0, 0), 100_000)
    var found = try visit.store.companies(search: search, state: state, page: page, limit: pageSize)
    let hasMore = found.count > pageSize
    found = Array(found.prefix(pageSize))
    let counts = try visit.store.companyCounts(limit: countLimit).mapValues { count in
      count > countLimit ? "\(countLimit)+" : "\(count)"
    }
    return Layout.page(visit, title: t("单位", "Companies"), isWide: true) {
      h(
        "form",
        [
          Attribute("method", "get"), Attribute("action", "/admin"), Attribute("class", "search"),
          Attribute("role", "search"),
        ]
      ) {
        Layout.field(
          Layout.Field(
            name: "search", label: t("名称、信用代码或登录名", "Name, code or login name"), value: search, isOptional: true), t)
        h("div", "field") {
          h("label", [Attribute("for", "f-state")]) { t("状态", "State") }
          h("select", [Attribute("id", "f-state"), Attribute("name", "state")]) {
            h("option", [Attribute("value", "")]) { t("全部", "All") }
            for each in Company.State.allCases {
              h("option", [Attribute("value", each.rawValue), Attribute("selected", if: each == state)]) {
                CompanyPages.word(each, t) + " (\(counts[each] ?? "0"))"
              }
            }
          }
        }
        h("button", "second") { t("查询", "Search") }
      }
      Layout.table(
        t("单位", "Companies"),
        [t("企业名称", "Name"), t("统一社会信用代码", "Code"), t("登录名", "Login name"), t("注册", "Registered"), t("状态", "State")],
        found.map { each in
          [
            h("a", [Attribute("href", "/admin/company/" + each.id)]) { each.name },
            .text(each.uscc + (each.hasCodeWarning ? " ⚠" : "")), .text(each.loginName),
            .text(CompanyPages.time(each.created)), .text(CompanyPages.word(each.state, t)),
          ]
        }, empty: t("没有符合条件的单位。", "No company fits."))
      h("p", "actions") {
        if page > 0 { h("a", [Attribute("href", link(search, state, page - 1))]) { t("上一页", "Previous") } }
        if hasMore { h("a", [Attribute("href", link(search, state, page + 1))]) { t("下一页", "Next") } }
      }
    }
  }

  private static func link(_ search: String, _ state: Company.State?, _ page: Int) -> String {
    "/admin?search=\(encoded(search))&state=\(state?.rawValue ?? "")&page=\(page)"
  }

  static func encoded(_ text: String) -> String {
    text.utf8.map { byte -> String in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      let hex = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.utf8.count < 2 ? "0" : "") + hex
    }.joined()
  }

  private static func company(_ visit: Visit, notice: HTML? = nil) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let company = try visit.store.company(id: visit.parameter("id")) else {
      return Plain.notFound(visit.site, t)
    }
    let certificates = try visit.store.certificates(of: company.id)
    let entries = try visit.store.auditEntries(before: nil, subject: "company " + company.id, limit: 20)
    let happened = try table(entries, visit)
    return Layout.page(visit, title: company.name, isWide: true) {
      notice
      if company.hasCodeWarning {
        Layout.notice(
          .warning, t("信用代码的校验位不符合 GB 32100", "A check digit of the code is wrong (GB 32100)"),
          t("请对照营业执照核实后再批准。", "Compare it with the business licence before approving."))
      }
      if certificates.isEmpty {
        Layout.notice(
          .warning, t("注册时没有出示证书", "No certificate was shown"),
          t("企业名称和代码是手工填写的，请核实身份。", "Name and code were typed by hand; make sure who it is."))
      }
      Layout.facts([
        (t("统一社会信用代码", "Code"), company.uscc), (t("登录名", "Login name"), company.loginName),
        (t("经办人", "Contact"), company.contact), (t("手机", "Mobile"), company.mobile),
        (t("回执号", "Receipt"), company.receipt), (t("注册时间", "Registered"), CompanyPages.time(company.created)),
        (t("状态", "State"), CompanyPages.word(company.state, t)),
        (t("说明", "Reason"), company.reason.isEmpty ? "–" : company.reason),
      ])
      Layout.form(visit, "/admin/company/" + company.id) {
        h(
          "input",
          [Attribute("type", "hidden"), Attribute("name", "state"), Attribute("value", company.state.rawValue)])
        Layout.field(
          Layout.Field(
            name: "reason", label: t("说明", "Reason"),
            hint: t("停用时必填，单位登录时会看到。", "Needed to suspend; the company sees it."),
            isOptional: company.state != .active, limit: 200), t)
        h("p", "actions") {
          switch company.state {
          case .waiting: action("active", t("批准", "Approve"))
          case .suspended: action("active", t("恢复", "Resume"))
          case .active: action("suspended", t("停用", "Suspend"))
          }
        }
      }
      Layout.table(
        t("证书", "Certificates"), [t("所有者", "Owner"), t("序列号", "Serial"), t("颁发者", "Issuer"), t("到期", "Ends")],
        certificates.map {
          [.text($0.owner), .text($0.serial), .text($0.issuer), .text(CompanyPages.time($0.notAfter))]
        }, empty: t("没有证书。", "No certificate."))
      happened
    }
  }

  private static func action(_ state: String, _ name: String) -> HTML {
    h("button", [Attribute("name", "next"), Attribute("value", state)]) { name }
  }

  private static func decide(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let administrator = try visit.store.administrator(id: visit.session?.subject ?? ""),
      let from = Company.State(rawValue: visit.form.text("state")),
      let next = Company.State(rawValue: visit.form.text("next")),
      next != .waiting
    else { return Plain.malformed(visit.site, t) }
    let reason = String(RegistrationForm.trimmed(visit.form.text("reason")).prefix(200))
    let id = visit.parameter("id")
    guard next != .suspended || !reason.isEmpty else {
      return try company(visit, notice: Layout.notice(.bad, t("停用须写明原因", "A reason is needed to suspend")))
    }
    let isDone = try visit.store.transaction { () throws(DatabaseError) in
      guard try visit.store.move(id, from: from, to: next, reason: reason) else { return false }
      // Who is suspended is logged out at once.
      if next == .suspended { try visit.store.endAll(.company, id) }
      try visit.store.audit(
        "administrator " + administrator.loginName, "company." + next.rawValue, "company " + id, reason, at: visit.now)
      return true
    }
    return isDone
      ? .redirect("/admin/company/" + id)
      : try company(
        visit, notice: Layout.notice(.warning, t("没有改动：另一位管理员已先处理", "Nothing changed: another administrator was first"))
      )
  }

  private static func audit(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    let search = String(RegistrationForm.trimmed(visit.query.text("search")).prefix(100))
    let before = Int64(visit.query.text("before"))
    let entries = try visit.store.auditEntries(before: before, subject: search, limit: 100)
    let rows = try table(entries, visit)
    return Layout.page(visit, title: t("审计", "Audit"), isWide: true) {
      h("p", "hint") {
        t(
          "每行含前一行的摘要，改动、删除或插入都会显出来；命令 ukey-platform audit 核对整条链。",
          "Each row has the hash of the one before: a change shows. The command ukey-platform audit checks the chain.")
      }
      h(
        "form",
        [
          Attribute("method", "get"), Attribute("action", "/admin/audit"), Attribute("class", "search"),
          Attribute("role", "search"),
        ]
      ) {
        Layout.field(
          Layout.Field(
            name: "search", label: t("对象、操作人或类别（全文）", "Subject, actor or kind (whole)"), value: search, isOptional: true
          ), t)
        h("button", "second") { t("查询", "Search") }
      }
      rows
      if entries.count == 100, let last = entries.last {
        h("p") {
          h("a", [Attribute("href", "/admin/audit?search=\(encoded(search))&before=\(last.seq)")]) {
            t("更早的记录", "Older")
          }
        }
      }
    }
  }

  private static func table(_ entries: [AuditEntry], _ visit: Visit) throws(DatabaseError) -> HTML {
    let t = visit.language
    var names: [String: String] = [:]
    for who in Set(entries.flatMap { [$0.actor, $0.subject] }) where who.hasPrefix("company ") {
      if let id = company(in: who), let found = try visit.store.company(id: id) { names[id] = found.name }
    }
    // A company by its name; of what else a subject says, as it is.
    func shown(_ who: String) -> HTML {
      guard let id = company(in: who), let name = names[id] else { return .text(who) }
      return h("div") {
        h("a", [Attribute("href", "/admin/company/" + id)]) { name }
        String(who.dropFirst("company ".count + id.count))
      }
    }
    return Layout.table(
      t("审计", "Audit"),
      [t("序号", "No."), t("时间", "Time"), t("操作人", "Actor"), t("类别", "Kind"), t("对象", "Subject"), t("说明", "Detail")],
      entries.map {
        [
          .text(String($0.seq)), .text(CompanyPages.time($0.at)), shown($0.actor), .text($0.kind), shown($0.subject),
          .text($0.detail),
        ]
      }, empty: t("没有记录。", "No rows."))
  }

  /// `company ID …` → ID.
  private static func company(in who: String) -> String? {
    let words = who.split(separator: " ")
    return words.count >= 2 && words[0] == "company" ? String(words[1]) : nil
  }
}
