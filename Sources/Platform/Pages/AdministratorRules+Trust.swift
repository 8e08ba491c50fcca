internal import Base
import CertificateKit
internal import Failures
import LoginToken

/// Whose certificates count.
extension AdministratorRules {
  static func authorities(_ visit: Visit, notice: HTML? = nil, status: Int = 200) throws(DatabaseError) -> Reply {
    let t = visit.language
    let policy = try visit.site.trust.policy(visit.store, now: visit.now)
    let added = Dictionary(try visit.store.authorities().map { ($0.fingerprint, $0) }) { first, _ in first }
    let lists = try visit.store.lists()
    return Layout.page(visit, title: t("CA 与吊销列表", "CAs and revocation lists"), isWide: true, status: status) {
      notice
      Layout.table(
        t("认可的 CA 证书", "CA certificates that count"),
        [t("名称", "Name"), t("到期", "Ends"), t("来源", "From"), "SHA-256", ""],
        policy.trust.certificates.map { each in
          let fingerprint = LoginDesk.fingerprint(each)
          return [
            .text(each.owner), .text(LocalTime.date(each.validity.notAfter)),
            .text(added[fingerprint].map { $0.administrator } ?? t("配置目录", "folder")),
            .text(String(fingerprint.prefix(16)) + "…"),
            added[fingerprint] == nil
              ? .text(t("从目录中删除文件", "remove the file"))
              : Layout.form(visit, "/admin/authorities", "inline") {
                h("input", [Attribute("type", "hidden"), Attribute("name", "remove"), Attribute("value", fingerprint)])
                h("button", "link") { t("移除", "Remove") }
              },
          ]
        }, empty: t("还没有：任何证书都不能登录。", "None: no certificate logs in."))
      h("section") {
        h("h2") { t("添加 CA 证书", "Add a CA certificate") }
        Layout.form(visit, "/admin/authorities") {
          area(
            "pem", t("PEM 文本", "PEM text"),
            t(
              "以 -----BEGIN CERTIFICATE----- 开头；须经第二位管理员同意后生效。",
              "Begins with -----BEGIN CERTIFICATE-----; it counts after a second administrator’s yes."))
          h("button", "second") { t("提交", "Send") }
        }
      }
      Layout.table(
        t("吊销列表", "Revocation lists"), [t("颁发者", "Issuer"), t("本次更新", "This update"), t("下次更新", "Next update")],
        lists.map {
          [
            .text($0.issuer), .text(CompanyPages.time($0.thisUpdate)),
            .text(
              ($0.nextUpdate == 0 ? "–" : CompanyPages.time($0.nextUpdate))
                + ($0.nextUpdate != 0 && $0.nextUpdate < visit.now ? t(" ⚠ 已过期", " ⚠ past") : "")),
          ]
        }, empty: t("这里没有添加过；配置目录里的列表同样有效。", "None was added here; those of the folder count too."))
      h("section") {
        h("h2") { t("添加吊销列表", "Add a revocation list") }
        Layout.form(visit, "/admin/lists") {
          area(
            "pem", t("PEM 文本", "PEM text"),
            t(
              "以 -----BEGIN X509 CRL----- 开头；签名须出自上面的 CA。",
              "Begins with -----BEGIN X509 CRL-----; one of the CAs above has to have signed it."))
          h("button", "second") { t("添加", "Add") }
        }
      }
    }
  }

  private static func area(_ name: String, _ label: String, _ hint: String) -> HTML {
    h("div", "field") {
      h("label", [Attribute("for", "f-" + name)]) { label }
      h(
        "textarea",
        [
          Attribute("id", "f-" + name), Attribute("name", name), Attribute("rows", "6"),
          Attribute("spellcheck", "false"),
          Attribute("required", if: true), Attribute("aria-describedby", "f-\(name)-hint"),
        ])
      h("p", [Attribute("id", "f-\(name)-hint"), Attribute("class", "hint")]) { hint }
    }
  }

  static func addAuthority(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    if let fingerprint = visit.form["remove"] {
      // Trusting less needs no second.
      try visit.store.transaction { () throws(DatabaseError) in
        try visit.store.removeAuthority(fingerprint)
        try visit.store.touchTrust()
        try visit.store.audit("administrator " + me.loginName, "authority.removed", fingerprint, at: visit.now)
      }
      return .redirect("/admin/authorities")
    }
    let blocks = PEM.certificates(in: Array(visit.form.text("pem").utf8))
    guard blocks.count == 1, let der = blocks[0], let certificate = try? Certificate(der: der), certificate.der == der,
      certificate.isAuthority
    else {
      return try authorities(
        visit,
        notice: Layout.notice(
          .bad, t("不是一张 CA 证书", "This is not one CA certificate"),
          t("请粘贴一张 CA 证书的 PEM 文本。", "Please paste the PEM text of one CA certificate.")),
        status: 422)
    }
    try propose("authority.add", Base64.encode(der), about: certificate.owner, me, visit)
    return .redirect("/admin/rules")
  }

  static func addList(_ visit: Visit) throws(DatabaseError) -> Reply {
    let t = visit.language
    guard let me = try me(visit) else { return .redirect("/admin/login") }
    let bytes = Array(visit.form.text("pem").utf8)
    var policy = try visit.site.trust.policy(visit.store, now: visit.now)
    let known = policy.revocation.count
    do throws(Failure) { try policy.addRevocationList(bytes) } catch {
      return try authorities(
        visit,
        notice: Layout.notice(
          .bad, t("不能接受这份吊销列表", "This list cannot be taken"),
          t("它不是完整的列表，或者不是上面的 CA 签发的。", "It is not a complete list, or none of the CAs above has signed it.")),
        status: 422)
    }
    guard policy.revocation.count > known, let list = policy.revocation.last else {
      return .redirect("/admin/authorities")
    }
    var issuer = ""
    for each in policy.trust.certificates where (try? list.isIssued(by: each)) == true { issuer = each.owner }
    let stored = StoredList(
      id: digestText(bytes), bytes: bytes, issuer: issuer, thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate ?? 0
    )
    try visit.store.transaction { () throws(DatabaseError) in
      if try visit.store.add(stored, administrator: me.loginName, now: visit.now) {
        try visit.store.touchTrust()
        try visit.store.audit("administrator " + me.loginName, "list.added", issuer, at: visit.now)
      }
    }
    return .redirect("/admin/authorities")
  }
}
